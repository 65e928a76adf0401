import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { readStack } from './outputs.ts';
import type { Send } from './send.ts';
import { signedFetch } from './signed-fetch.ts';

/** Signed requests to the API of a deployed stack. */
export async function sendToStack(stack: string, region: string | undefined): Promise<Send> {
  const cloudFormation = new CloudFormationClient({ region });
  const { outputs } = await readStack(cloudFormation, stack);
  const signed = signedFetch(cloudFormation.config, 'execute-api');
  return (path, body, options) => signed(`${outputs.ApiUrl}${path}`, body, options);
}
