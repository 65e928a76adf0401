import { cases, runCase, sendAs, withScratchDatabase } from '@strategy-snapshots/rds-data-local/conformance';
import type { Outputs } from '../../service/outputs.ts';
import type { SignedFetch } from '../../service/signed-fetch.ts';
import type { Checklist } from '../checklist.ts';

interface DataApi {
  readonly masterSecret: string;
  readonly outputs: Outputs;
}

/** Checks that the real Data API behaves like the local one, in a temporary database. */
export async function checkDataApi(
  { check }: Checklist,
  fetchSigned: SignedFetch,
  { masterSecret, outputs }: DataApi,
): Promise<void> {
  const { DatabaseArn: resourceArn, DatabaseName: database } = outputs;
  const endpoint = endpointFor(resourceArn);
  const sendTo = (database: string) =>
    sendAs({ resourceArn, secretArn: masterSecret, database }, fetchSigned, endpoint);

  await check('the Data API, in a temporary database', async () => {
    await withScratchDatabase({ sendTo, database, scratch: `smoke_${Date.now()}` }, async (send) => {
      for (const each of cases) await check(`Data API: ${each.name}`, () => runCase(each, send, 'many'));
    });
  });
}

/** The endpoint of the Data API that the SDK would use for a cluster's ARN. */
function endpointFor(resourceArn: string): string {
  const region = resourceArn.split(':')[3];
  return process.env.AWS_ENDPOINT_URL_RDS_DATA ?? `https://rds-data.${region}.amazonaws.com`;
}
