const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Bidi_Control}]/u;

/** Somebody else's text on one line of ours: without control characters and halves of surrogate pairs, cut to a length in
 *  letters, and kept apart where it would turn the direction of the words around it: by us, since its own marks could end ours. */
export function plain(text: string, longest: number): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .replaceAll(/[\u2066-\u2069]/g, '')
    .trim();
  const letters = [...new Intl.Segmenter().segment(line)].map(({ segment }) => segment);
  const cut = letters.length > longest ? `${letters.slice(0, longest - 1).join('')}…` : line;
  return RIGHT_TO_LEFT.test(cut) ? `\u2068${cut}\u2069` : cut;
}

/** A setting's value in a table; absent is a dash. Text is in quotes only where it would be taken for something else.
 *  @example [5, '5', 'five', ''].map(settingOf) // ['5', '"5"', 'five', '""'] */
export const settingOf = (value: unknown): string => {
  if (value === null) return '–';
  const isItself = typeof value === 'string' && value.trim() !== '' && !isJson(value);
  return plain(isItself ? value : JSON.stringify(value), 40);
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
