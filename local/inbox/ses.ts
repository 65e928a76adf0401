import * as z from 'zod';

/** A SendRawEmail call, in the Query protocol of SES v1. */
export interface SendRawEmail {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly message: Buffer;
}

const Call = z.object({
  Action: z.literal('SendRawEmail', 'the inbox only knows SendRawEmail'),
  Source: z.string('Source is required'),
  'RawMessage.Data': z.base64('RawMessage.Data must be base64').min(1),
});

/** Reads a call from its form. @throws ZodError */
export function readCall(form: string): SendRawEmail {
  const fields = new URLSearchParams(form);
  const call = Call.parse(Object.fromEntries(fields));
  return {
    sender: call.Source,
    recipients: [...fields].flatMap(([name, value]) => (/^Destinations\.member\.\d+$/.test(name) ? [value] : [])),
    message: Buffer.from(call['RawMessage.Data'], 'base64'),
  };
}

export const sentXml = (id: string): string =>
  `<SendRawEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><SendRawEmailResult><MessageId>${id}</MessageId></SendRawEmailResult><ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></SendRawEmailResponse>`;

/** An error as SES answers it. */
export const errorXml = (code: string, message: string): string =>
  `<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message.replaceAll(/[<>&]/g, ' ')}</Message></Error></ErrorResponse>`;
