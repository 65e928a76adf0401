import { SESClient, SESServiceException, SendRawEmailCommand } from '@aws-sdk/client-ses';

export interface Mailer {
  /** Hands a MIME message to the mail service, once. It never throws: whether the message went out is the answer. */
  readonly send: (message: Buffer, envelope: { readonly sender: string; readonly recipient: string }) => Promise<Sent>;
}

/** `refused`: it did not go out. `unknown`: nobody answered, and it may have. */
export interface Sent {
  readonly status: 'sent' | 'refused' | 'unknown';
  readonly message_id: string | null;
  readonly error: string | null;
}

/** SES has no idempotency: a call that is repeated may send twice, so the client repeats none. */
const client = new SESClient({ maxAttempts: 1 });

export const mailer: Mailer = {
  async send(message, { sender, recipient }) {
    try {
      const { MessageId = null } = await client.send(
        new SendRawEmailCommand({ Source: sender, Destinations: [recipient], RawMessage: { Data: message } }),
      );
      return { status: 'sent', message_id: MessageId, error: null };
    } catch (error) {
      const refused = error instanceof SESServiceException && error.$fault === 'client';
      return { status: refused ? 'refused' : 'unknown', message_id: null, error: String(error) };
    }
  },
};
