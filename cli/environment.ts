/** The ports of the service on this machine. */
export const portVariables = {
  PORT: 'The port of the API (3000)',
  INBOX_PORT: 'The port of the inbox (8005)',
  SMTP_URL: 'Mail reports for real: smtps://user:password@host; without it, they are only in the inbox',
  NOTIFY_URLS: 'Channels that get reports as short messages: telegram://…, URLs of Discord and Slack, webhook://…',
};

/** The database of this machine. */
export const databaseVariables = {
  DATA_DIR: 'Where the embedded database is kept (.local)',
  DATABASE_URL: 'postgres://… of a PostgreSQL server, instead of the embedded one',
};

/** Every setting of the service on this machine; local/settings.ts reads them. */
export const serviceVariables = {
  ...portVariables,
  ...databaseVariables,
  TRADING_TIME_ZONE: 'The time zone of trading days (UTC)',
  REPORT_HOUR: 'The hour of that zone at which the report is mailed (7)',
  WEEKLY_REVIEW: 'The day on which the week is reviewed, at the same hour, or off (monday)',
  REPORT_SENDER: 'The address that mails come from',
  REPORT_RECIPIENTS: 'The addresses that mails go to, separated by commas',
  REPORT_REPLY_TO: 'The address that receives replies (the sender)',
  TARGET_WIN_RATE: 'The win rate that a strategy should exceed, in percent (25)',
  TARGET_PROFIT_FACTOR: 'The profit factor that it should exceed (1.5)',
  TARGET_EXPECTANCY_USD: 'The P&L per trade that it should exceed, in USD (0.1)',
  TARGET_FAST_EXIT_RATE: 'The share of fast exits that it should stay under, in percent (5)',
  MATERIAL_USD: 'The smallest difference per trade that matters, in USD (0.05)',
  DASHBOARD_URL: 'The address of the page that reports link to (that of this service)',
  NEVER_LINKING_SOURCES: 'Sources of orders that never link, separated by commas',
  LOG_LEVEL: 'DEBUG, INFO, WARN, ERROR or SILENT (INFO)',
};
