import { type Channel, formOf, idOf } from './channel.ts';

/** A chat of a Telegram bot: `telegram://<token>@api.telegram.org/<chat>`. The chat is a number or @name. The text is sent without a parse
 *  mode, so that names from a bot cannot format it.
 *  https://core.telegram.org/bots/api#sendphoto
 *  @returns a sentence about what is wrong with the address */
export function telegram(origin: string, { username, password, pathname }: URL): Channel | string {
  const [bot, key, chat] = [username, password, pathname.slice(1)].map(decodeURIComponent);
  if (!bot || !key) return 'needs the token of the bot before the @: 123456:ABC…';
  if (!chat || chat.includes('/')) return 'needs one chat after the host: a number such as -1001234567890, or @name';
  const method = (name: string) => `${origin}/bot${bot}:${key}/${name}`;
  return {
    kind: 'telegram',
    id: idOf('telegram', `${bot}/${chat}`),
    secrets: [key],
    request: ({ text, chart }) =>
      chart
        ? { url: method('sendPhoto'), headers: {}, body: formOf({ chat_id: chat, caption: text }, 'photo', chart) }
        : { url: method('sendMessage'), headers: {}, body: formOf({ chat_id: chat, text }, 'photo', null) },
  };
}
