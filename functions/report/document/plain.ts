const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Bidi_Control}]/u;

/** Makes a text from outside safe to print within a line: without line breaks, control characters and lone surrogates, cut to `longest`
 *  characters. Right-to-left text is isolated so that it does not affect the text around it; its own isolate marks are removed,
 *  since they could end ours. */
export function plain(text: string, longest: number): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .replaceAll(/[\u2066-\u2069]/g, '')
    .trim();
  const characters = [...new Intl.Segmenter().segment(line)].map(({ segment }) => segment);
  const cut = characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : line;
  return RIGHT_TO_LEFT.test(cut) ? `\u2068${cut}\u2069` : cut;
}

/** Formats the value of a setting; a dash when it is absent. Text is quoted only where it could be read as another JSON value.
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
