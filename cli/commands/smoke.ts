import { counted } from '../../functions/formatting.ts';
import { command } from '../command.ts';
import { Failure, UsageError } from '../failure.ts';
import { deploymentOptions } from '../service/location.ts';

export const smoke = command({
  summary: 'Check a deployed service from outside, as a bot uses it',
  description:
    'The records of the test are kept under a separate bot, smoke-<time>. The exit code is 0 when every check passes.',
  options: {
    mail: {
      type: 'boolean',
      help: 'Also fire the daily report: it mails yesterday’s report to those who do not have it',
    },
    alarm: {
      type: 'boolean',
      help: 'Also let a run fail on purpose, and follow its alarm to the mail; takes 10 to 20 minutes',
    },
    'data-api': {
      type: 'boolean',
      help: 'Also run the conformance cases against the Data API of the cluster, in a temporary database',
    },
    'master-secret': {
      type: 'string',
      value: '<arn>',
      help: 'The secret of the user who creates and drops that database',
    },
  },
  common: deploymentOptions,
  examples: { '--stage dev': 'The service of the stage dev', '--stage dev --mail': 'Its mails as well' },
  async run({ options: { mail, alarm, 'data-api': dataApi, 'master-secret': masterSecret } }, { location, out }) {
    const { stack, region } = location;
    if (stack === undefined) throw new UsageError('--stage or --stack is missing: which service to check');
    if (dataApi !== (masterSecret !== undefined))
      throw new UsageError('--data-api and --master-secret must be used together');
    const { runSmokeTest } = await import('../smoke/smoke.ts');
    const failures = await runSmokeTest(
      { stack, region, mail, alarm, dataApi: masterSecret ? { masterSecret } : null },
      out,
    );
    if (failures > 0) throw new Failure(`${counted(failures, 'check')} failed.`);
    return undefined;
  },
});
