import { parseArgs } from 'node:util';

export const HELP = `npm run smoke -- --stack <name>: checks a service that was deployed, from outside, as a bot would use it.

  --stack <name>          the service's stack, such as strategy-snapshots-dev-service
  --region <name>         where it is; by default the region of the AWS profile
  --mail                  also fires the daily report: it mails yesterday's report to its recipients, unless they have it
  --data-api              also runs the conformance cases against the cluster's Data API, in a database of their own …
  --master-secret <arn>   … which the owner of this secret, the cluster's master, creates and drops

It takes the AWS credentials that the AWS CLI would take. What it records stays under a bot of its own, smoke-<time>.
Ends with 0 when every check has passed, else with 1.`;

export interface Options {
  readonly stack: string;
  readonly region: string | undefined;
  readonly mail: boolean;
  readonly dataApi: { readonly masterSecret: string } | null;
}

/** What the command line asks for; null when it asks for help.
 *  @throws Error that says what is wrong with it */
export function readOptions(args: string[]): Options | null {
  const { values } = parseArgs({
    args,
    options: {
      help: { type: 'boolean', short: 'h' },
      stack: { type: 'string' },
      region: { type: 'string' },
      mail: { type: 'boolean' },
      'data-api': { type: 'boolean' },
      'master-secret': { type: 'string' },
    },
  });
  if (values.help) return null;
  const { stack, region, mail = false, 'data-api': dataApi, 'master-secret': masterSecret } = values;
  if (!stack) throw new Error('--stack is missing: the name of the deployed service stack (--help says more)');
  if (!dataApi !== !masterSecret) throw new Error('--data-api and --master-secret go together (--help says more)');
  return { stack, region, mail, dataApi: masterSecret ? { masterSecret } : null };
}
