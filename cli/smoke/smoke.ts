import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { SQSClient } from '@aws-sdk/client-sqs';
import { apiBy } from '../service/api.ts';
import { lambdaIn } from '../service/functions.ts';
import { readStack } from '../service/outputs.ts';
import { signedFetch } from '../service/signed-fetch.ts';
import { openChecklist } from './checklist.ts';
import { checkAccess } from './checks/access.ts';
import { checkDataApi } from './checks/data-api.ts';
import { checkDatabase } from './checks/database.ts';
import { checkDeployment } from './checks/deployment.ts';
import { checkFailureQueues } from './checks/failure-queues.ts';
import { checkReads } from './checks/reads.ts';
import { checkSchedules } from './checks/schedules.ts';
import { checkWrites } from './checks/writes.ts';

export interface SmokeTest {
  readonly stack: string;
  readonly region: string | undefined;
  readonly mail: boolean;
  /** Whether to let a run fail and follow its alarm. */
  readonly alarm: boolean;
  readonly dataApi: { readonly masterSecret: string } | null;
}

/** Checks whether a deployed service works. @returns how many checks failed
 *  @throws Error when there is nothing to check: no credentials, no stack */
export async function runSmokeTest(
  { stack, region, mail, alarm, dataApi }: SmokeTest,
  print: (line: string) => void,
): Promise<number> {
  const cloudFormation = new CloudFormationClient({ region });
  const { status, outputs } = await readStack(cloudFormation, stack);
  const checklist = openChecklist({ print });
  const signed = signedFetch(cloudFormation.config, 'execute-api');
  const api = apiBy((path, body) => signed(`${outputs.ApiUrl}${path}`, body));
  const botId = `smoke-${Date.now()}`;

  await checkDeployment(checklist, stack, status);
  await checkAccess(checklist, outputs.ApiUrl);
  const health = await checkDatabase(checklist, api);
  if (health === null) checklist.skip('writes and reads', 'the database does not answer');
  else {
    const trade = await checkWrites(checklist, api, { botId, timeZone: health.time_zone });
    if (trade === null) checklist.skip('reads', 'there is nothing to find');
    else await checkReads(checklist, api, trade);
  }
  await checkSchedules(checklist, lambdaIn(region), { outputs, mail });
  if (dataApi) await checkDataApi(checklist, signedFetch(cloudFormation.config, 'rds-data'), { ...dataApi, outputs });
  // The queue's URL would win over AWS_ENDPOINT_URL_SQS.
  const sqs = new SQSClient({ region, useQueueUrlAsEndpoint: false });
  await checkFailureQueues(checklist, sqs, outputs);
  if (alarm) {
    const { checkAlarm } = await import('./checks/alarm.ts');
    await checkAlarm(checklist, { lambda: lambdaIn(region), sqs, region }, outputs);
  }

  const failed = checklist.failed();
  if (failed === 0) print('\nEverything passed.');
  if (health !== null) print(`The records of this test are kept under the bot ${botId}.`);
  return failed;
}
