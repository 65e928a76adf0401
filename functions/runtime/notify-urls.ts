import * as z from 'zod';
import { environment } from './environment.ts';

const { NOTIFY_URLS, NOTIFY_SECRET_ARN } = environment(
  z.object({ NOTIFY_URLS: z.string().default(''), NOTIFY_SECRET_ARN: z.string().optional() }),
);

/** The addresses of channels: the text of the secret `NOTIFY_SECRET_ARN`, or else of the variable `NOTIFY_URLS`. A secret is read each time, so
 *  that a new one needs no deployment. @throws Error when the secret cannot be read */
export async function notifyUrls(): Promise<string> {
  if (NOTIFY_SECRET_ARN === undefined) return NOTIFY_URLS;
  // Loaded on demand: most deployments have no channels.
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const secrets = new SecretsManagerClient({});
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: NOTIFY_SECRET_ARN }));
  return SecretString;
}
