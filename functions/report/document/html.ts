import { escape as escaped } from 'html-escaper';

/** HTML that is safe already. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | readonly Html[];

/** A piece of HTML. Whatever is put into it is escaped, unless it is HTML itself.
 *  @example html`<td>${'<b>'}</td>`.html // '<td>&lt;b&gt;</td>' */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: strings.reduce((text, piece, i) => `${text}${written(parts[i - 1] ?? '')}${piece}`) };
}

function written(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return 'html' in part ? part.html : part.map((each) => each.html).join('');
}
