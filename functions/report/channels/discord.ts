import { type Channel, formOf, idOf } from './channel.ts';

/** What Discord reads as formatting or as a mention. */
const FORMATTING = /[\\*_~`|<>[\]#]/g;

/** A webhook of a Discord channel: `https://discord.com/api/webhooks/<id>/<token>`, as Discord shows it, with `?thread_id=` for a thread. It
 *  waits for the message to be stored, since Discord reports some failures only then.
 *  https://docs.discord.com/developers/resources/webhook#execute-webhook
 *  @returns a sentence about what is wrong with the address */
export function discord(origin: string, { pathname, searchParams }: URL): Channel | string {
  const [, id, token] = /^\/api\/(?:v\d+\/)?webhooks\/(\d+)\/([\w-]+)$/.exec(pathname) ?? [];
  if (!id || !token) return 'must have the path /api/webhooks/<id>/<token>';
  const query = new URLSearchParams(searchParams);
  query.set('wait', 'true');
  return {
    kind: 'discord',
    id: idOf('discord', `${id}/${searchParams.get('thread_id') ?? ''}`),
    secrets: [token],
    request: ({ text, chart }) => {
      const message = {
        content: text.replaceAll(FORMATTING, '\\$&'),
        // Names from a bot must not notify anyone.
        allowed_mentions: { parse: [] },
        ...(chart && { attachments: [{ id: 0, filename: 'chart.png', description: chart.alt.slice(0, 1024) }] }),
      };
      return {
        url: `${origin}${pathname}?${query}`,
        headers: {},
        body: formOf({ payload_json: JSON.stringify(message) }, 'files[0]', chart),
      };
    },
  };
}
