import { escape as escaped } from 'html-escaper';

/** Safe HTML: its dynamic parts are escaped. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | readonly Html[];

/** Tagged template for HTML. Interpolated values are escaped unless they are `Html`.
 *  @example html`<td>${'<b>'}</td>`.html // '<td>&lt;b&gt;</td>' */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: strings.reduce((text, piece, i) => `${text}${written(parts[i - 1] ?? '')}${piece}`) };
}

function written(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return 'html' in part ? part.html : part.map((each) => each.html).join('');
}
