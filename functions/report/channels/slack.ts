import { type Channel, idOf } from './channel.ts';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** An incoming webhook of Slack: `https://hooks.slack.com/services/T…/B…/…`, as Slack shows it. Incoming webhooks take text and blocks, but
 *  no files: the message has the chart's description instead. Uploading a file needs a bot token and three calls, of which the last
 *  may fail alone. The block is plain text, so that names from a bot cannot format it.
 *  https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 *  @returns a sentence about what is wrong with the address */
export function slack(origin: string, { pathname }: URL): Channel | string {
  const [, team, webhook, token] = /^\/services\/(\w+)\/(\w+)\/(\w+)$/.exec(pathname) ?? [];
  if (!team || !webhook || !token) return 'must have the path /services/T…/B…/…';
  return {
    kind: 'slack',
    id: idOf('slack', `${team}/${webhook}`),
    secrets: [token],
    request: ({ text, chart }) => ({
      url: `${origin}${pathname}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        // For notifications, which do not show blocks.
        text: text.replaceAll(/[&<>]/g, (character) => escapes[character] ?? character),
        blocks: [
          { type: 'section', text: { type: 'plain_text', text, emoji: false } },
          ...(chart
            ? [{ type: 'context', elements: [{ type: 'plain_text', text: chart.alt.slice(0, 2000), emoji: false }] }]
            : []),
        ],
      }),
    }),
  };
}
