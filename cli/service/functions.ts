import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

/** Longer than a scheduled function may run, which is 14 minutes. */
const requestHandler = { requestTimeout: 15 * 60_000 };

/** One attempt: a second one would not see how the first ended. */
export const lambdaIn = (region: string | undefined): LambdaClient =>
  new LambdaClient({ region, maxAttempts: 1, requestHandler });

/** Invokes a deployed function and waits for its result. @returns the result as JSON
 *  @throws Error with the function's own message when it failed */
export async function invoke(lambda: LambdaClient, name: string, event: object): Promise<string> {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
  );
  const result = Payload?.transformToString() || '{}';
  if (FunctionError) throw new Error(`${name} failed: ${JSON.parse(result).errorMessage ?? result}`);
  return result;
}
