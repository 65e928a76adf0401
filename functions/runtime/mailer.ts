import { SESClient, SESServiceException, SendRawEmailCommand } from '@aws-sdk/client-ses';

export interface Mailer {
  /** Sends a MIME message, without retries. Never throws: failures are part of the result. */
  readonly send: (
    message: Buffer,
    envelope: { readonly sender: string; readonly recipient: string; readonly configurationSet?: string | undefined },
  ) => Promise<SendResult>;
}

/** `refused`: the message was not sent. `unknown`: there was no response, and it may have been sent. */
export interface SendResult {
  readonly status: 'sent' | 'refused' | 'unknown';
  readonly message_id: string | null;
  readonly error: string | null;
}

/** The SES client, without retries: SES has no idempotency key, so a retry could send twice. Each mail has a connection of its own: a kept one
 *  may have been closed while Lambda froze this process, and a request that breaks off may have arrived, so it is not repeated. */
const client = new SESClient({
  maxAttempts: 1,
  requestHandler: { httpAgent: { keepAlive: false }, httpsAgent: { keepAlive: false } },
});

export const mailer: Mailer = {
  async send(message, { sender, recipient, configurationSet: ConfigurationSetName }) {
    try {
      const { MessageId = null } = await client.send(
        new SendRawEmailCommand({
          Source: sender,
          Destinations: [recipient],
          RawMessage: { Data: message },
          ConfigurationSetName,
        }),
      );
      return { status: 'sent', message_id: MessageId, error: null };
    } catch (error) {
      const refused = error instanceof SESServiceException && error.$fault === 'client';
      return { status: refused ? 'refused' : 'unknown', message_id: null, error: String(error) };
    }
  },
};
