import { describe, expect, test } from 'vitest';
import { channelsIn } from '../../../../functions/report/channels/addresses.ts';
import { localSettings } from '../../../../local/settings.ts';

const secret = 'd2ViaG9vay1zZWNyZXQtb2YtMjQtYnl0';
const message = { kind: 'daily', date: '2026-02-05', text: 'a_b *c* <@1> & d', chart: null } as const;
const requestOf = (address: string) => channelsIn(address)[0]?.request(message, new Date('2026-02-06T07:00:00Z'));

describe('the addresses of channels', () => {
  test.each([
    ['telegram://12:AB-c@api.telegram.org/-100', 'https://api.telegram.org/bot12:AB-c/sendMessage'],
    ['telegram://12:AB@api.telegram.org/@name', 'https://api.telegram.org/bot12:AB/sendMessage'],
    ['telegram+http://12:AB@bots.local:8081/7', 'http://bots.local:8081/bot12:AB/sendMessage'],
    ['https://discord.com/api/webhooks/1/tok-en', 'https://discord.com/api/webhooks/1/tok-en?wait=true'],
    ['https://discord.com/api/webhooks/1/t?thread_id=5', 'https://discord.com/api/webhooks/1/t?thread_id=5&wait=true'],
    ['https://hooks.slack.com/services/T1/B2/x3', 'https://hooks.slack.com/services/T1/B2/x3'],
    [`webhook://${secret}@example.com/hook?a=b`, 'https://example.com/hook?a=b'],
    [`webhook+http://whsec_${secret}@127.0.0.1:9/`, 'http://127.0.0.1:9/'],
  ])('%s is asked at %s', (address, url) => {
    expect(requestOf(address)?.url).toBe(url);
  });

  test('are separated by spaces, commas or lines', () => {
    const addresses = [
      'telegram://1:a@h/1',
      'https://hooks.slack.com/services/T/B/x',
      'https://discord.com/api/webhooks/1/t',
    ];
    for (const separator of [' ', ',', ', ', '\n'])
      expect(channelsIn(addresses.join(separator)).map(({ kind }) => kind)).toEqual(['telegram', 'slack', 'discord']);
    expect(channelsIn(' \n')).toEqual([]);
  });

  test.each([
    ['hidden', 'is not a URL'],
    ['https://example.com/hidden', 'must begin with'],
    ['ftp://hidden@example.com', 'must begin with'],
    ['telegram://hidden@api.telegram.org/1', 'needs the token'],
    ['telegram://1:hidden@api.telegram.org', 'needs one chat'],
    ['telegram://1:%E0hidden@api.telegram.org/1', 'has a wrong % code'],
    ['https://discord.com/api/hidden', 'must have the path'],
    ['https://hooks.slack.com/services/hidden', 'must have the path'],
    ['webhook://hidden@example.com/', 'at least 24 bytes'],
  ])('are named by their position when they are wrong, as in %s: %s', (address, reason) => {
    const wrong = () => localSettings({ NOTIFY_URLS: `https://hooks.slack.com/services/T/B/x ${address}` });
    expect(wrong).toThrow(`NOTIFY_URLS has a wrong address: number 2 `);
    expect(wrong).toThrow(reason);
    expect(wrong).not.toThrow('hidden');
  });

  test('give a channel an id that has no secret and outlives a change of it', () => {
    const idOf = (address: string) => channelsIn(address)[0]?.id;
    expect(idOf('telegram://12:old@api.telegram.org/1')).toBe(idOf('telegram://12:new@api.telegram.org/1'));
    expect(idOf('telegram://12:old@api.telegram.org/1')).not.toBe(idOf('telegram://12:old@api.telegram.org/2'));
    expect(idOf('https://discord.com/api/webhooks/1/a')).toBe(idOf('https://discord.com/api/webhooks/1/b'));
    expect(idOf(`webhook://${secret}@x/y`)).toBe(idOf(`webhook://${secret.replace('d', 'e')}@x/y`));
    expect(idOf('https://hooks.slack.com/services/T/B/x')).toMatch(/^slack:[0-9a-f]{16}$/);
  });
});

test('a text from a bot cannot format a message or mention people', () => {
  const discord = requestOf('https://discord.com/api/webhooks/1/t')?.body as FormData;
  expect(JSON.parse(String(discord.get('payload_json'))).content).toBe('a\\_b \\*c\\* \\<@1\\> & d');
  const slack = JSON.parse(String(requestOf('https://hooks.slack.com/services/T/B/x')?.body));
  expect(slack.text).toBe('a_b *c* &lt;@1&gt; &amp; d');
  expect(slack.blocks).toEqual([{ type: 'section', text: { type: 'plain_text', text: message.text, emoji: false } }]);
});
