import { randomUUID } from 'node:crypto';
import { type ParsedMail, simpleParser } from 'mailparser';

/** A mail that was accepted. */
export interface Mail {
  readonly id: string;
  readonly at: Date;
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: Buffer;
  /** Its charts are embedded in its page. */
  readonly parsed: ParsedMail;
}

/** Text and page stay as they were sent: looking for links in a text takes a time that grows with the square of its length, and converting a
 *  page to text is as slow. */
const AS_SENT = { skipTextToHtml: true, skipHtmlToText: true };

/** Most mails that are kept; the oldest go first. */
const MOST_MAILS = 500;

/** The mails of an inbox, newest first. */
export function openMails() {
  const mails: Mail[] = [];
  return {
    /** Keeps a MIME message. @throws Error when it cannot be parsed @returns its id */
    async add(raw: Buffer, to: readonly string[]): Promise<string> {
      const parsed = await simpleParser(raw, AS_SENT);
      const id = randomUUID();
      mails.unshift({ id, at: new Date(), from: parsed.from?.text ?? '', to, raw, parsed });
      mails.length = Math.min(mails.length, MOST_MAILS);
      return id;
    },
    all: (): readonly Mail[] => mails,
    find: (id: string): Mail | undefined => mails.find((mail) => mail.id === id),
    clear: (): void => {
      mails.length = 0;
    },
  };
}
export type Mails = ReturnType<typeof openMails>;
