import { type Html, html } from '../../functions/report/document/html.ts';
import type { Mail } from './mails.ts';

const STYLE = html`<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { margin: 0 auto; max-width: 60rem; padding: 1rem }
table { width: 100%; border-collapse: collapse }
td, th { text-align: left; padding: .4rem .6rem .4rem 0; border-top: 1px solid #8884; overflow-wrap: anywhere }
iframe { width: 100%; height: 75vh; border: 1px solid #8884; border-radius: 6px; background: #fff }
</style>`;

const page = (title: string, body: Html): string =>
  html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title>${STYLE}</head>
<body>${body}</body>
</html>
`.html;

/** @example minuteOf(new Date(0)) // '1970-01-01 00:00' */
const minuteOf = (at: Date): string => at.toISOString().slice(0, 16).replace('T', ' ');

/** The mails, newest first. */
export function listPage(mails: readonly Mail[]): string {
  const rows = mails.map(
    ({
      id,
      at,
      to,
      parsed,
    }) => html`<tr><td><a href="/mails/${id}">${parsed.subject ?? '(no subject)'}</a></td><td>${to.join(', ')}</td><td>${minuteOf(at)} UTC</td></tr>
`,
  );
  return page(
    'Inbox',
    mails.length === 0
      ? html`<h1>Inbox</h1><p>No mail yet. The daily report is mailed every morning; <code>strategy report --resend --date …</code> mails one now.</p>`
      : html`<h1>Inbox</h1><table><tr><th>Subject</th><th>To</th><th>Received</th></tr>${rows}</table>`,
  );
}

/** A mail, with its page in a frame that runs nothing. */
export function mailPage({ id, at, from, to, parsed }: Mail): string {
  const attached = parsed.attachments.map(
    ({ filename, contentType, size }, i) =>
      html`<li><a href="/mails/${id}/attachments/${i}">${filename ?? contentType}</a> (${Math.ceil(size / 1024)} KB)</li>`,
  );
  return page(
    parsed.subject ?? 'Mail',
    html`<p><a href="/">Inbox</a></p><h1>${parsed.subject ?? '(no subject)'}</h1>
<p>From ${from} to ${to.join(', ')}, ${minuteOf(at)} UTC. <a href="/mails/${id}/html">Page</a>, <a href="/mails/${id}/text">text</a>, <a href="/mails/${id}/raw">raw</a></p>
<iframe sandbox src="/mails/${id}/html" title="The mail"></iframe>
<h2>Attachments</h2><ul>${attached}</ul>`,
  );
}
