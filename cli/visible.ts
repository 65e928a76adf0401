const [ESCAPE, DELETE] = [0x1b, 0x7f];

/** Control characters but line feeds and tabs, among them C1, of which one begins a sequence. Bold, which our own headings use, is found as a
 *  whole. */
const CONTROLS = /\p{Cc}\[(?:1|22)m|[^\P{Cc}\n\t]/gu;

/** Shows the control characters of a text, so that the terminal does not obey them: names in files and answers come from elsewhere.
 *  @example visible('\u001b[2Jgone') // '␛[2Jgone' */
export const visible = (text: string): string =>
  text.replaceAll(CONTROLS, (found) =>
    found.length > 1 && found.charCodeAt(0) === ESCAPE ? found : `${symbolOf(found.charCodeAt(0))}${found.slice(1)}`,
  );

/** The character's own symbol in Unicode; C1 controls have none. */
function symbolOf(code: number): string {
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === DELETE ? '␡' : '�';
}
