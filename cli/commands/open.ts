import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { command } from '../command.ts';
import { Failure } from '../failure.ts';
import { locationOptions } from '../service/location.ts';

export const open = command({
  summary: 'Open the page of a service, on AWS or elsewhere, until it is stopped with Ctrl-C',
  description:
    'Serves the page on this machine only, and signs each of its calls with your AWS credentials. It only reads, unless --write is given. A service on this machine has its page already: npm start prints its address.',
  options: {
    write: { type: 'boolean', help: 'Let the page change things: roll back, start and stop tests, correct fills' },
    port: {
      type: 'string',
      value: '<number>',
      help: 'The port of the page; default: any free one',
      schema: z.coerce
        .number('must be a port')
        .int('must be a port')
        .min(0, 'must be a port')
        .max(65_535, 'must be a port')
        .default(0),
    },
  },
  common: locationOptions,
  examples: {
    '--stage dev': 'Look at a deployed service',
    '--stage dev --write': 'Look, and change things',
  },
  async run({ options: { write, port } }, { location, out }) {
    const [{ sendTo }, { servePage }, { openSecretAddress }, { untilSignal }] = await Promise.all([
      import('../service/send.ts'),
      import('../open/serve-page.ts'),
      import('../browser.ts'),
      import('../open/until-signal.ts'),
    ]);
    const send = sendTo(location);
    const health = await send('/health');
    if (!health.ok) throw new Failure(`The service answered ${health.status} to a check of its health.`);
    const place = location.stack ?? location.url ?? 'this machine';
    const page = await servePage({ send, write, place, port });
    // From here on, since the file with the token has to be removed in any case.
    const stopped = untilSignal();
    let file: string | undefined;
    try {
      out(
        `Page       ${page.url}\n${write ? 'It may change things.' : 'It only reads; --write lets it change things.'}`,
      );
      ({ file } = await openSecretAddress(page.url));
      out('\nReady. Stop with Ctrl-C.');
      await stopped;
    } finally {
      await page.close();
      if (file !== undefined) await rm(dirname(file), { recursive: true });
    }
    return undefined;
  },
});
