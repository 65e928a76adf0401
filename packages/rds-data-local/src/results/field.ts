import { DataApiError } from '../protocol/errors.ts';
import type { ResultSetOptions } from '../protocol/requests.ts';
import type { ResultType } from './types.ts';

/** A double without a JSON number, such as NaN, is a string in the protocol. */
type Double = number | 'NaN' | 'Infinity' | '-Infinity';

export type ScalarField =
  | { readonly booleanValue: boolean }
  | { readonly longValue: number }
  | { readonly doubleValue: Double }
  | { readonly stringValue: string }
  | { readonly blobValue: string };

/** Converts PostgreSQL's text of a value to a Field of the service. */
export function scalarField({ kind }: ResultType, text: string, options: ResultSetOptions): ScalarField {
  switch (kind) {
    case 'boolean':
      return { booleanValue: text === 't' };
    case 'long':
      // Beyond 2^53 the JavaScript SDK rounds too.
      return options.longReturnType === 'STRING' ? { stringValue: text } : { longValue: Number(text) };
    case 'double':
      return { doubleValue: doubleOf(text) };
    case 'decimal':
      return options.decimalReturnType === 'STRING' ? { stringValue: text } : decimalNumber(text);
    case 'temporal':
      return { stringValue: temporalText(text) };
    case 'blob':
      return { blobValue: Buffer.from(text.slice('\\x'.length), 'hex').toString('base64') };
    case 'string':
      return { stringValue: text };
  }
}

function doubleOf(text: string): Double {
  return text === 'NaN' || text === 'Infinity' || text === '-Infinity' ? text : Number(text);
}

function decimalNumber(text: string): ScalarField {
  const number = Number(text);
  return Number.isSafeInteger(number) ? { longValue: number } : { doubleValue: doubleOf(text) };
}

// A date, a time or both, with the zone that a session in UTC prints for timestamptz.
const temporal = /^((?:\d{4,}-\d\d-\d\d)?(?: ?\d\d:\d\d:\d\d)?)(?:\.(\d+))?(?:\+00)?$/;

/** Without the zone; with no fraction when it is zero, three digits when they are enough, and six otherwise. */
function temporalText(text: string): string {
  const [, stamp, fraction = ''] = temporal.exec(text) ?? [];
  if (stamp === undefined) {
    // The service fails at infinity with this error. Years BC and sessions in another zone are not supported.
    throw new DataApiError('InternalFailure', `the local endpoint cannot return the time "${text}"`);
  }
  if (fraction === '') return stamp;
  return `${stamp}.${fraction.padEnd(fraction.length > 3 ? 6 : 3, '0')}`;
}
