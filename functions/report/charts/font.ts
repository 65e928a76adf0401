/** What Inter has letters for: Latin, Greek, Cyrillic, and the signs that people write among them. */
const NOT_IN_INTER =
  /[^ -~\u00a1-\u00ac\u00ae-\u0148\u014a-\u017f\u0218-\u021b\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u0479\u048a-\u049d\u04a0-\u04ff\u1ea0-\u1ef9\u2010-\u2015\u2018-\u201f\u2022\u2026\u20ac\u2190-\u2199\u2212\u2248\u2260\u2264\u2265]/gu;

/** Control characters, spaces, and what turns the direction of the text around it. */
const NOT_A_LETTER = /[\s\p{Cc}\p{Bidi_Control}]+/gu;

/** A name in letters that the font has, or what stands for it when it would lose most of its own. */
export function drawable(name: string, instead: string): string {
  const whole = name.normalize('NFC').replaceAll(NOT_A_LETTER, ' ').trim();
  const rest = whole.replaceAll(NOT_IN_INTER, '').replaceAll(/ +/g, ' ').trim();
  const [kept, all] = [lettersIn(rest), lettersIn(whole)];
  return kept > 0 && kept * 2 >= all ? rest : instead;
}

const lettersIn = (text: string) => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;

/** How wide a text is drawn at most, in pixels: by the widest of each kind of letter in Inter SemiBold. */
export const widthOf = (text: string, size: number): number =>
  size * [...text].reduce((sum, letter) => sum + (kinds.find(([kind]) => kind.test(letter))?.[1] ?? 1.1), 0);

const kinds: readonly (readonly [RegExp, number])[] = [
  [/[ .,:;'|iIjl]/, 0.36],
  [/[-1()/ftr]/, 0.47],
  [/[mwMW@%…]/, 1.02],
  [/[a-z]/, 0.63],
  [/[0-9$+]/, 0.67],
  [/[A-Z]/, 0.77],
];

/** A text cut to a width in pixels. */
export function fitted(text: string, { size, width }: { readonly size: number; readonly width: number }): string {
  if (widthOf(text, size) <= width) return text;
  const letters = [...text];
  let room = width - widthOf('…', size);
  const beyond = letters.findIndex((letter) => {
    room -= widthOf(letter, size);
    return room < 0;
  });
  return `${letters.slice(0, beyond).join('').trimEnd()}…`;
}
