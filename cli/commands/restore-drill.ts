import * as z from 'zod';
import { instant } from '../../functions/contract/fields.ts';
import { counted } from '../../functions/formatting.ts';
import { command } from '../command.ts';
import { Failure, UsageError } from '../failure.ts';
import { deploymentOptions } from '../service/location.ts';

export const restoreDrill = command({
  summary: 'Restore the backup of a deployed database into a copy, and check it',
  description:
    'Makes a new cluster from the backups with your AWS credentials, switches on its Data API and the secret of its master user, compares rows, sums and the newest rows with the live database, and computes a summary again. It takes 10 to 30 minutes and costs a few cents. The service goes on as it is. The copy is deleted in any case, also when a check fails or you interrupt it. The exit code is 0 when every check passes.',
  options: {
    at: {
      type: 'string',
      value: '<time>',
      help: 'Restore to this time with an offset, within the backups; default: the latest',
      schema: z
        .string()
        .refine((time) => instant.safeParse(time).success, 'must be a time with an offset such as 2026-11-22T08:00:00Z')
        .transform((time) => new Date(time))
        .optional(),
    },
    keep: { type: 'boolean', help: 'Keep the copy, and print the settings that point the stage at it' },
  },
  common: deploymentOptions,
  examples: {
    '--stage dev': 'Check that the backups of the stage dev can be restored',
    '--stage dev --at 2026-11-22T08:00:00Z --keep': 'Restore them for real',
  },
  async run({ options: { at = null, keep } }, { location, out }) {
    const { stack, region } = location;
    if (stack === undefined) throw new UsageError('--stage or --stack is missing: which database to restore');
    const [{ runRestoreDrill }, { withInterruption }] = await Promise.all([
      import('../restore-drill/drill.ts'),
      import('../interruption.ts'),
    ]);
    const failures = await withInterruption((signal) => runRestoreDrill({ stack, region, at, keep, signal }, out));
    if (failures > 0) throw new Failure(`${counted(failures, 'check')} failed.`);
    return undefined;
  },
});
