import { readFile } from 'node:fs/promises';
import type { Outputs } from '../../service/outputs.ts';
import type { SignedFetch } from '../../service/signed-fetch.ts';
import type { Checklist } from '../checklist.ts';
import { CasesFile } from '../data-api/cases.ts';
import { runCase } from '../data-api/run-case.ts';
import { withScratchDatabase } from '../data-api/scratch-database.ts';
import { sendAs } from '../data-api/send.ts';

interface DataApi {
  /** The path of the file with the cases. */
  readonly cases: string;
  readonly masterSecret: string;
  readonly outputs: Outputs;
}

/** Checks that the real Data API answers as the local one does, in a database that nothing else uses. */
export async function checkDataApi(
  { check }: Checklist,
  fetchSigned: SignedFetch,
  { cases: file, masterSecret, outputs }: DataApi,
): Promise<void> {
  const { DatabaseArn: resourceArn, DatabaseName: database } = outputs;
  const endpoint = endpointFor(resourceArn);
  const sendTo = (database: string) =>
    sendAs({ resourceArn, secretArn: masterSecret, database }, fetchSigned, endpoint);

  await check('the Data API, in a database of its own', async () => {
    const { cases } = CasesFile.parse(JSON.parse(await readFile(file, 'utf8')));
    await withScratchDatabase({ sendTo, database }, async (send) => {
      for (const each of cases) await check(`Data API: ${each.name}`, () => runCase(each, send, 'many'));
    });
  });
}

/** Where the SDK would find it, for a cluster's ARN. */
function endpointFor(resourceArn: string): string {
  const region = resourceArn.split(':')[3];
  return process.env.AWS_ENDPOINT_URL_RDS_DATA ?? `https://rds-data.${region}.amazonaws.com`;
}
