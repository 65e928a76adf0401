import type { Checklist } from '../checklist.ts';

export async function checkDeployment({ check }: Checklist, stack: string, status: string): Promise<void> {
  await check(`the last deployment of ${stack} is complete`, async () => {
    if (!/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status)) throw new Error(`it is ${status}`);
  });
}
