import { type CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import type { Checklist } from '../smoke/checklist.ts';
import { Missing } from './missing.ts';

/** The version that our templates require, in their rule `CheckBootstrapVersion`. */
const LEAST_VERSION = 6;

const BOOTSTRAP = 'Run npx cdk bootstrap, once per account and region';

/** Checks that CDK has its bucket and its roles in the region. */
export async function checkBootstrap({ check }: Checklist, cloudFormation: CloudFormationClient): Promise<void> {
  await check(
    'CDK is bootstrapped',
    async () => {
      const stack = await stackNamed(cloudFormation, 'CDKToolkit');
      if (stack === null) throw new Missing('There is no stack CDKToolkit in this region', BOOTSTRAP);
      const version = Number(stack.Outputs?.find(({ OutputKey }) => OutputKey === 'BootstrapVersion')?.OutputValue);
      if (!(version >= LEAST_VERSION))
        throw new Missing(`Its version is ${version}, below ${LEAST_VERSION}`, BOOTSTRAP);
      return version;
    },
    (version) => `version ${version}`,
  );
}

/** @returns null when there is none */
export const stackStatus = async (cloudFormation: CloudFormationClient, name: string): Promise<string | null> =>
  (await stackNamed(cloudFormation, name))?.StackStatus ?? null;

async function stackNamed(cloudFormation: CloudFormationClient, StackName: string): Promise<Stack | null> {
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    return Stacks[0] ?? null;
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return null;
    throw error;
  }
}
