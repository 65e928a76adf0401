import { cases, runCase, sendAs, withScratchDatabase } from '@strategy-snapshots/rds-data-local/conformance';
import type { Outputs } from '../../service/outputs.ts';
import type { SignedFetch } from '../../service/signed-fetch.ts';
import type { Checklist } from '../checklist.ts';

interface DataApi {
  readonly masterSecret: string;
  readonly outputs: Outputs;
}

/** The real Data API answers as the local one was made to, in a database that nothing else uses. */
export async function checkDataApi(
  { check }: Checklist,
  fetchSigned: SignedFetch,
  { masterSecret, outputs }: DataApi,
): Promise<void> {
  const { DatabaseArn: resourceArn, DatabaseName: database } = outputs;
  const endpoint = endpointFor(resourceArn);
  const sendTo = (database: string) =>
    sendAs({ resourceArn, secretArn: masterSecret, database }, fetchSigned, endpoint);

  await check('the Data API, in a database of its own', async () => {
    await withScratchDatabase({ sendTo, database, scratch: `smoke_${Date.now()}` }, async (send) => {
      for (const each of cases) await check(`Data API: ${each.name}`, () => runCase(each, send, 'many'));
    });
  });
}

/** Where the SDK would find it, for a cluster's ARN. */
function endpointFor(resourceArn: string): string {
  const region = resourceArn.split(':')[3];
  return process.env.AWS_ENDPOINT_URL_RDS_DATA ?? `https://rds-data.${region}.amazonaws.com`;
}
