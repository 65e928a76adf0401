/** Characters that the Inter font lacks: it has Latin, Greek, Cyrillic and common symbols. */
const NOT_IN_INTER =
  /[^ -~\u00a1-\u00ac\u00ae-\u0148\u014a-\u017f\u0218-\u021b\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u0479\u048a-\u049d\u04a0-\u04ff\u1ea0-\u1ef9\u2010-\u2015\u2018-\u201f\u2022\u2026\u20ac\u2190-\u2199\u2212\u2248\u2260\u2264\u2265]/gu;

/** Spaces, control characters and direction marks. */
const INVISIBLE = /[\s\p{Cc}\p{Bidi_Control}]+/gu;

/** Removes characters that the font lacks. Returns `fallback` when that removes more than half of the letters. */
export function drawableName(name: string, fallback: string): string {
  const whole = name.normalize('NFC').replaceAll(INVISIBLE, ' ').trim();
  const rest = whole.replaceAll(NOT_IN_INTER, '').replaceAll(/ +/g, ' ').trim();
  const [kept, all] = [letterCount(rest), letterCount(whole)];
  return kept > 0 && kept * 2 >= all ? rest : fallback;
}

const letterCount = (text: string) => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;

/** Upper bound of the width of a text, in pixels, from the widest characters of each class in Inter SemiBold. */
export const widthOf = (text: string, size: number): number =>
  size * [...text].reduce((sum, char) => sum + (charWidths.find(([chars]) => chars.test(char))?.[1] ?? 1.1), 0);

/** Widths by class of characters, in multiples of the font size. */
const charWidths: readonly (readonly [RegExp, number])[] = [
  [/[ .,:;'|iIjl]/, 0.36],
  [/[-1()/ftr]/, 0.47],
  [/[mwMW@%…]/, 1.02],
  [/[a-z]/, 0.63],
  [/[0-9$+]/, 0.67],
  [/[A-Z]/, 0.77],
];

/** Cuts a text to a width in pixels. */
export function fitted(text: string, { size, width }: { readonly size: number; readonly width: number }): string {
  if (widthOf(text, size) <= width) return text;
  const chars = [...text];
  let room = width - widthOf('…', size);
  const beyond = chars.findIndex((char) => {
    room -= widthOf(char, size);
    return room < 0;
  });
  return `${chars.slice(0, beyond).join('').trimEnd()}…`;
}
