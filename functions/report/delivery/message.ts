import type { Logger } from '@aws-lambda-powertools/logger';
import { nextStepSentence } from '../../comparison/verdict/next-step.ts';
import { counted, percent, usd } from '../../formatting.ts';
import type { Message } from '../channels/channel.ts';
import { drawCharts } from '../charts/drawn.ts';
import type { Report } from '../contract.ts';
import { decisionBlock } from '../document/brief/daily.ts';
import { problemsOf } from '../document/brief/problems.ts';
import { actionFor, documentOf } from '../document/document.ts';
import { driftSentences, isOnlyOutside } from '../document/headline.ts';
import { plain } from '../document/plain.ts';
import { performanceOf, type Section } from '../sections.ts';

/** Most characters of a message, so that a phone shows it whole. */
export const LONGEST_MESSAGE = 600;

/** Writes a report as a short message, with its first chart. */
export async function messageOf(report: Report, logger: Logger): Promise<Message> {
  const { kind, date } = report;
  const { title } = documentOf(report, 'brief');
  // The first chart is that of the most urgent bot. The brief report of several bots has none.
  const [chart] = documentOf(report, 'full').charts;
  const [drawn] = await drawCharts(chart ? [chart] : [], logger);
  const lines = report.bots.length === 1 ? report.bots.flatMap(linesOfOne) : linesOfMany(report.bots);
  return {
    kind,
    date,
    text: [title, ...lines, ...pageLines(report)].join('\n'),
    chart: drawn ? { png: drawn.png, alt: drawn.chart.alt } : null,
  };
}

/** The address of the page, at the bot where there is only one. */
function pageLines({ dashboard_url, bots }: Report): string[] {
  const [only, ...more] = bots;
  if (dashboard_url === null) return [];
  return [
    only && more.length === 0
      ? `${dashboard_url}/#/overview?${new URLSearchParams({ bot: only.bot_id })}`
      : dashboard_url,
  ];
}

/** Longest text of the lines below the title. */
const ROOM = LONGEST_MESSAGE - 80;

/** What to do, the figures, and what is wrong as far as there is room. */
function linesOfOne(section: Section): string[] {
  const { text, more } = decisionBlock(section);
  const { verdict, experiments } = section;
  const next = verdict?.baseline && experiments.length === 0 ? nextStepSentence(verdict) : more;
  const problems = [...driftSentences(section.coverage.drift), ...problemsOf(section)].map((each) => plain(each, 150));
  const period = 'day' in section ? 'day' : 'week';
  return fitting([text, `P&L of the ${period}: ${figuresOf(section)}`, ...(next === '' ? [] : [next]), ...problems]);
}

/** A line for each bot, the most urgent first, as far as there is room. */
function linesOfMany(bots: readonly Section[]): string[] {
  if (bots.length === 0) return ['No bot has reported anything yet.'];
  const lines = fitting(
    bots.map((bot) => `${plain(bot.bot_id, 24)}: ${actionFor(bot)}; ${figuresOf(bot)}`),
    ROOM - 60,
  );
  const rest = bots.length - lines.length;
  return rest > 0 ? [...lines, `And ${counted(rest, 'more bot')}: see the full report.`] : lines;
}

function figuresOf(section: Section): string {
  const { total_pnl_usd, total_trades, win_rate } = performanceOf(section);
  if (isOnlyOutside(section)) return 'none, no trade of a strategy closed.';
  const won = win_rate === null ? '' : `, ${percent(win_rate)} won`;
  return `${usd(total_pnl_usd)}, ${counted(total_trades, 'trade')}${won}.`;
}

/** The first lines that fit. */
function fitting(lines: readonly string[], room = ROOM): string[] {
  let left = room;
  const rest = lines.findIndex((line) => {
    left -= [...line].length + 1;
    return left < 0;
  });
  return rest === -1 ? [...lines] : lines.slice(0, rest);
}
