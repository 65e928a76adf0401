import { readFile } from 'node:fs/promises';
import { counted } from '../../functions/formatting.ts';
import { command } from '../command.ts';
import { Failure } from '../failure.ts';
import { deploymentOptions } from '../service/location.ts';

const CDK_JSON = new URL('../../cdk.json', import.meta.url);

const { stage, region } = deploymentOptions;

export const deployCheck = command({
  summary: 'Say what a deployment would not find in your AWS account',
  description:
    'Looks with your AWS credentials, and changes nothing: the bootstrap of CDK, the services of the region, the sender and the sandbox of SES, quotas, and what the settings in cdk.json name. Each line that fails says how to fix it. The exit code is 0 when nothing is missing.',
  options: { stage: { ...stage, help: 'The stage; default: that in cdk.json, or dev' } },
  common: { region },
  examples: { '--stage dev': 'Before npm run deploy' },
  async run({ options: { stage } }, { location, out }) {
    const [{ runDeployCheck }, cdk] = await Promise.all([
      import('../deploy-check/deploy-check.ts'),
      readFile(CDK_JSON, 'utf8').then((text) => JSON.parse(text)),
    ]);
    const context = { ...cdk.context, ...(stage === undefined ? {} : { stage }) };
    const failures = await runDeployCheck({ context, region: location.region }, out);
    if (failures > 0) throw new Failure(`${counted(failures, 'check')} failed.`);
    return undefined;
  },
});
