import { DataApiError } from '../protocol/errors.ts';
import type { Field } from './records.ts';

/** `formattedRecords`: the rows as a JSON array of objects by column label. Bytes are base64, as in a Field.
 *  @throws DataApiError UnsupportedResultException when two columns share a label: one of them would be lost */
export function formattedRecordsOf(labels: readonly string[], records: readonly (readonly Field[])[]): string {
  const repeated = labels.find((label, i) => labels.indexOf(label) !== i);
  if (repeated !== undefined) {
    throw new DataApiError('UnsupportedResultException', `The result contains the column ${repeated} twice.`);
  }
  return JSON.stringify(
    records.map((fields) => Object.fromEntries(fields.map((field, i) => [labels[i], plainValueOf(field)]))),
  );
}

function plainValueOf(field: Field): unknown {
  if ('isNull' in field) return null;
  const [value] = Object.values('arrayValue' in field ? field.arrayValue : field);
  return value;
}
