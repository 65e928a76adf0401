import * as z from 'zod';

/** How a command line says where the service is. */
export const PLACE_HELP = `  --url <address>     the service on this machine (http://127.0.0.1:3000, or the port that PORT names)
  --stage <name>      the service deployed under this stage, by the AWS credentials that the AWS CLI would take …
  --stack <name>      … or the one of this stack, such as strategy-snapshots-dev-service …
  --region <name>     … in this region; by default that of the AWS profile`;

const text = { type: 'string' } as const;

/** For `parseArgs`. */
export const placeOptions = { url: text, stage: text, stack: text, region: text };

/** On this machine unless a stage or a stack is named. */
export const Place = z
  .object({
    url: z
      .url({ protocol: /^https?$/, error: 'must be an address such as http://127.0.0.1:3000' })
      .transform((url) => url.replace(/\/+$/, ''))
      .optional(),
    stage: z.string().min(1, 'must be the name of a stage').optional(),
    stack: z.string().min(1, 'must be the name of a stack').optional(),
    region: z.string().optional(),
  })
  .refine(({ url, stage }) => !(url && stage), { path: ['stage'], error: 'goes without --url' })
  .refine(({ url, stage, stack }) => !(stack && (url || stage)), {
    path: ['stack'],
    error: 'goes without --url and --stage',
  })
  .refine(({ region, stage, stack }) => !region || stage || stack, {
    path: ['region'],
    error: 'goes with --stage or --stack',
  })
  .transform(({ url, stage, stack, region }) => ({ url, stack: stack ?? (stage && stackOf(stage)), region }));
export type Place = z.output<typeof Place>;

/** The service's stack of a stage, as `infra/stacks/service.ts` names it. */
export const stackOf = (stage: string): string => `strategy-snapshots-${stage}-service`;

/** What is wrong with a command line, a line for each option. */
export const wrongOptions = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => `--${path.join('.')} ${message}`).join('\n');
