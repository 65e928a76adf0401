import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { apiBy } from '../service/api.ts';
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
import type { Options } from './options.ts';

/** Nothing answers later: a scheduled function has 14 minutes. */
const requestHandler = { requestTimeout: 15 * 60_000 };

/** Whether a deployed service does what it should.
 *  @throws Error when there is nothing to check: no credentials, no stack */
export async function smoke(
  { stack: name, region, mail, dataApi }: Options,
  say: (line: string) => void,
): Promise<boolean> {
  const cloudFormation = new CloudFormationClient({ region });
  const { status, outputs } = await readStack(cloudFormation, name);
  const checklist = openChecklist({ say });
  const signed = signedFetch(cloudFormation.config, 'execute-api');
  const api = apiBy((path, body) => signed(`${outputs.ApiUrl}${path}`, body));
  const botId = `smoke-${Date.now()}`;

  await checkDeployment(checklist, name, status);
  await checkAccess(checklist, outputs.ApiUrl);
  const health = await checkDatabase(checklist, api);
  if (health === null) checklist.leaveOut('writes and reads', 'since the database does not answer');
  else {
    const trade = await checkWrites(checklist, api, { botId, timeZone: health.time_zone });
    if (trade === null) checklist.leaveOut('reads', 'since there is nothing to find');
    else await checkReads(checklist, api, trade);
  }
  // One attempt: a second one would not see how the first ended.
  const lambda = new LambdaClient({ region, maxAttempts: 1, requestHandler });
  await checkSchedules(checklist, lambda, { outputs, mail });
  if (dataApi) await checkDataApi(checklist, signedFetch(cloudFormation.config, 'rds-data'), { ...dataApi, outputs });
  // The queue's URL would win over AWS_ENDPOINT_URL_SQS.
  await checkFailureQueues(checklist, new SQSClient({ region, useQueueUrlAsEndpoint: false }), outputs);

  const failed = checklist.failed();
  say(failed === 0 ? `\nEverything passed.` : `\n${failed} failed.`);
  if (health !== null) say(`What was recorded stays under the bot ${botId}.`);
  return failed === 0;
}
