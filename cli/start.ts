import { parseArgs } from 'node:util';
import { startService } from '../local/service.ts';
import { localSettings } from '../local/settings.ts';
import { untilStopped } from '../local/until-stopped.ts';
import { failed } from './failed.ts';

const HELP = `npm start: the whole service on this machine, until it is stopped (Ctrl-C).

Settings are environment variables, all of them optional:
  PORT               the API's port (3000)
  INBOX_PORT         the inbox's port (8005)
  DATA_DIR           where the database is kept (.local)
  DATABASE_URL       postgres://… of a real PostgreSQL server, instead of the embedded one
  TRADING_TIME_ZONE  where a trading day begins and ends (UTC)
  REPORT_HOUR        at which hour of that zone the report is mailed (7)
  WEEKLY_REVIEW      on which day the week is reviewed, at the same hour: monday, tuesday, … or off (monday)
  REPORT_SENDER, REPORT_RECIPIENTS, REPORT_REPLY_TO
                     the mail's addresses (recipients separated by commas; answers go to the sender by default)
  TARGET_WIN_RATE, TARGET_PROFIT_FACTOR, TARGET_EXPECTANCY_USD, TARGET_FAST_EXIT_RATE
                     what a strategy should reach (25 %, 1.5, 0.1 USD a trade, under 5 %)
  MATERIAL_USD       a difference per trade that does not matter (0.05)
  NEVER_LINKING_SOURCES  sources of orders that never link, separated by commas
  LOG_LEVEL          DEBUG, INFO, WARN, ERROR or SILENT (INFO)`;

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
  if (values.help) console.log(HELP);
  else await main();
} catch (error) {
  failed(error);
}

async function main(): Promise<void> {
  const service = await startService(localSettings(process.env), (step) => console.log(`… ${step}`));
  // Before the words that invite the signal, so that none comes too early.
  const stopped = untilStopped(service);
  console.log(`
API        ${service.url}
Report     ${service.url}/report
Contract   ${service.url}/openapi.json
Inbox      ${service.inboxUrl}

Ready. Stop with Ctrl-C.`);
  await stopped;
}
