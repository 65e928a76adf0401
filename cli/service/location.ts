import * as z from 'zod';
import { stackOf } from '../../infra/stack-name.ts';
import type { Options } from '../command.ts';

/** Where a deployed service is. */
export const deploymentOptions = {
  stage: { type: 'string', value: '<name>', help: 'The service deployed under this stage, with your AWS credentials' },
  stack: { type: 'string', value: '<name>', help: 'The service of this stack, such as strategy-snapshots-dev-service' },
  region: { type: 'string', value: '<name>', help: 'The AWS region; default: that of your AWS profile' },
} as const satisfies Options;

/** Where the service is. */
export const locationOptions = {
  url: {
    type: 'string',
    value: '<address>',
    help: 'The service at this address; default: http://127.0.0.1:3000, or the port in PORT',
  },
  ...deploymentOptions,
} as const satisfies Options;

/** Options of every command that calls the service. */
export const serviceOptions = {
  bot: { type: 'string', value: '<id>', help: 'The bot; default: default' },
  json: { type: 'boolean', help: 'Print the result as JSON' },
  ...locationOptions,
} as const satisfies Options;

/** On this machine unless a stage or a stack is named. */
export const ServiceLocation = z
  .object({
    url: z
      .url({ protocol: /^https?$/, error: 'must be an address such as http://127.0.0.1:3000' })
      .transform((url) => url.replace(/\/+$/, ''))
      .optional(),
    stage: z.string().min(1, 'must be the name of a stage').optional(),
    stack: z.string().min(1, 'must be the name of a stack').optional(),
    region: z.string().optional(),
  })
  .refine(({ url, stage }) => !(url && stage), { path: ['stage'], error: 'cannot be combined with --url' })
  .refine(({ url, stage, stack }) => !(stack && (url || stage)), {
    path: ['stack'],
    error: 'cannot be combined with --url or --stage',
  })
  .refine(({ region, stage, stack }) => !region || stage || stack, {
    path: ['region'],
    error: 'needs --stage or --stack',
  })
  .transform(({ url, stage, stack, region }) => ({ url, stack: stack ?? (stage && stackOf(stage)), region }));
export type ServiceLocation = z.output<typeof ServiceLocation>;
