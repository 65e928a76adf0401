import { EC2Client, paginateDescribeVpcs } from '@aws-sdk/client-ec2';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeAccountAttributesCommand, RDSClient } from '@aws-sdk/client-rds';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import type { Checklist } from '../smoke/checklist.ts';
import { isNamed, Missing } from './missing.ts';

interface Needs {
  readonly region: string | undefined;
  /** Whether the first deployment of the stage is still to come. */
  readonly isNew: boolean;
  /** Concurrent executions that the functions reserve; null: none. */
  readonly reserved: number | null;
}

const MORE = 'Ask for more in the Service Quotas console';

/** Executions that Lambda leaves unreserved for the functions of the account that reserve none. */
const LEFT_UNRESERVED = 100;

/** Checks that the quotas of the account have room for the network, the cluster and the functions. */
export async function checkQuotas(checklist: Checklist, { region, isNew, reserved }: Needs): Promise<void> {
  await checkConcurrency(checklist, new LambdaClient({ region }), reserved);
  if (!isNew) return checklist.skip('there is room for a network and a cluster', 'the stage has them already');
  await checkClusters(checklist, new RDSClient({ region }));
  await checkNetworks(checklist, new EC2Client({ region }), new ServiceQuotasClient({ region }));
}

async function checkConcurrency({ check }: Checklist, lambda: LambdaClient, reserved: number | null): Promise<void> {
  await check(
    'Lambda has concurrent executions for the functions',
    async () => {
      const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
      const { ConcurrentExecutions = 0, UnreservedConcurrentExecutions: unreserved = 0 } = AccountLimit ?? {};
      if (reserved !== null && unreserved - reserved < LEFT_UNRESERVED)
        throw new Missing(
          `reserved_concurrency takes ${reserved} of ${unreserved}, and Lambda keeps ${LEFT_UNRESERVED} unreserved`,
          'Remove the setting, or ask for more in the Service Quotas console',
        );
      return ConcurrentExecutions;
    },
    (limit) => `at most ${limit} in the account`,
  );
}

async function checkClusters({ check }: Checklist, rds: RDSClient): Promise<void> {
  await check('there is room for a cluster', async () => {
    const { AccountQuotas = [] } = await rds.send(new DescribeAccountAttributesCommand({}));
    const { Used = 0, Max = Number.POSITIVE_INFINITY } =
      AccountQuotas.find(({ AccountQuotaName }) => AccountQuotaName === 'DBClusters') ?? {};
    if (Used >= Max) throw new Missing(`All ${Max} clusters are in use`, `Delete one. ${MORE}`);
  });
}

/** VPCs per region. */
const VPCS = { ServiceCode: 'vpc', QuotaCode: 'L-F678F1CE' };

async function checkNetworks({ check }: Checklist, ec2: EC2Client, quotas: ServiceQuotasClient): Promise<void> {
  await check('there is room for a network', async () => {
    let used = 0;
    for await (const { Vpcs = [] } of paginateDescribeVpcs({ client: ec2 }, {})) used += Vpcs.length;
    const most = await mostVpcs(quotas);
    if (used >= most) throw new Missing(`All ${most} VPCs of the region are in use`, `Delete one. ${MORE}`);
  });
}

/** The quota of the account, where it has one of its own. */
async function mostVpcs(quotas: ServiceQuotasClient): Promise<number> {
  const { Quota } = await quotas.send(new GetServiceQuotaCommand(VPCS)).catch((error) => {
    if (isNamed(error, 'NoSuchResourceException')) return quotas.send(new GetAWSDefaultServiceQuotaCommand(VPCS));
    throw error;
  });
  return Quota?.Value ?? Number.POSITIVE_INFINITY;
}
