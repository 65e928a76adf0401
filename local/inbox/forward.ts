import { createTransport } from 'nodemailer';

/** Time limits of an SMTP server, in milliseconds. */
const LIMITS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };

/** Sends a message on to its recipients. @throws Error when the server does not accept it for all of them */
export type Forward = (
  message: Buffer,
  envelope: { readonly from: string; readonly to: readonly string[] },
) => Promise<void>;

/** Forwards through an SMTP server. @param url such as smtps://user:password@smtp.example.com */
export function forwardThrough(url: string): Forward {
  const transport = createTransport({ url, ...LIMITS });
  return async (raw, { from, to }) => {
    const { rejected } = await transport.sendMail({ raw, envelope: { from, to: [...to] } });
    if (rejected.length > 0) throw new Error(`${rejected.length} of ${to.length} recipients were refused`);
  };
}
