import { type Channel, type ChannelKind, channelKinds } from './channel.ts';
import { discord } from './discord.ts';
import { slack } from './slack.ts';
import { telegram } from './telegram.ts';
import { webhook } from './webhook.ts';

// No library: those that cover several of these services are unmaintained or bring SMS and push clients along, and none sends the chart to
// all. Each service takes one HTTP request, which `fetch` makes.
const read = { telegram, discord, slack, webhook };

/** Services that are known by the host of the URL that they show. */
const hosts: Readonly<Record<string, ChannelKind>> = {
  'discord.com': 'discord',
  'discordapp.com': 'discord',
  'hooks.slack.com': 'slack',
};

/** Reads channels from their addresses, separated by spaces or commas. An address names its kind and its host:
 *  `telegram://<token>@api.telegram.org/<chat>`; a kind followed by `+http` is not encrypted. Discord and Slack also have the https:// URLs that
 *  they show.
 *  @throws Error naming each wrong address by its position only, since addresses are secrets */
export function channelsIn(addresses: string): Channel[] {
  const problems: string[] = [];
  const channels = addresses
    .split(/[\s,]+/)
    .filter(Boolean)
    .flatMap((address, i) => {
      const channel = channelAt(address);
      if (typeof channel !== 'string') return [channel];
      problems.push(`number ${i + 1} ${channel}`);
      return [];
    });
  if (problems.length > 0) throw new Error(`has a wrong address: ${problems.join('; ')}`);
  return channels;
}

function channelAt(address: string): Channel | string {
  if (!URL.canParse(address)) return 'is not a URL';
  const url = new URL(address);
  const [, scheme = '', http] = /^([a-z]+)(\+http)?:$/.exec(url.protocol) ?? [];
  const kind = scheme === 'https' ? hosts[url.host] : channelKinds.find((each) => each === scheme);
  if (!kind || url.host === '')
    return 'must begin with telegram://, discord://, slack:// or webhook://, or be a URL of discord.com or hooks.slack.com';
  try {
    return read[kind](`${http ? 'http' : 'https'}://${url.host}`, url);
  } catch {
    return 'has a wrong % code';
  }
}
