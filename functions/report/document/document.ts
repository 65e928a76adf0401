import type { VerdictKind } from '../../comparison/verdict/contract.ts';
import { count, counted, percent, usd } from '../../formatting.ts';
import { longDay, shortDay } from '../../summaries/days.ts';
import type { Report } from '../contract.ts';
import { performanceOf, type Section } from '../sections.ts';
import { asHtml } from './as-html.ts';
import type { Block, Document } from './blocks.ts';
import { briefDailySection } from './brief/daily.ts';
import { needsAttention } from './brief/problems.ts';
import { sectionOfSeveral } from './brief/several.ts';
import { briefWeeklySection } from './brief/weekly.ts';
import { dailySection } from './daily.ts';
import { definitionsOf } from './definitions.ts';
import { deliveryBlocks } from './failed-deliveries.ts';
import { actionOf, actionOfTest, nameOf } from './format.ts';
import { isOnlyOutside } from './headline.ts';
import { plain } from './plain.ts';
import { weeklySection } from './weekly.ts';

/** Most bots with a full section; the others get one line each. */
const MOST_SECTIONS = 3;
const MOST_CHARTS = 3;

/** Longest HTML, in bytes without charts: mail clients cut off messages at about 100 KB. */
const LONGEST_HTML = 95_000;

/** `brief`: what to do, on one screen. `full`: everything, with definitions. */
export type Detail = 'brief' | 'full';

/** Writes a report as blocks. When three full sections would be too long for a mail client, it has two, or one. */
export function documentOf(report: Report, detail: Detail): Document {
  if (detail === 'brief') return briefDocument(report);
  let sections = MOST_SECTIONS;
  let document = documentWith(report, sections);
  while (sections > 1 && Buffer.byteLength(asHtml(document, () => '')) > LONGEST_HTML) {
    sections -= 1;
    document = documentWith(report, sections);
  }
  return document;
}

function documentWith(report: Report, sections: number): Document {
  const blocks =
    report.kind === 'daily'
      ? report.bots.slice(0, sections).flatMap((bot) => dailySection(bot, report))
      : report.bots.slice(0, sections).flatMap((bot) => weeklySection(bot, report));
  return framed(report, [
    ...(report.bots.length === 0
      ? [NOTHING_YET, ...deliveryBlocks(report)]
      : [...blocks, ...otherBots(report, sections)]),
    ...whereOthersAre(report),
    { type: 'heading', level: 2, text: 'What the numbers mean' },
    ...definitionsOf(report).map((each) => ({ type: 'definitions', ...each }) as const),
  ]);
}

/** One bot on one screen; of several bots a line each, and what to do about those with a decision or a problem. */
function briefDocument(report: Report): Document {
  return framed(report, [
    ...(report.bots.length === 1 ? briefSections(report) : severalBots(report)),
    ...whereOthersAre(report),
    ...deliveryBlocks(report),
    { type: 'text', text: FULL_REPORT },
  ]);
}

const briefSections = (report: Report): Block[] =>
  report.kind === 'daily'
    ? report.bots.flatMap((bot) => briefDailySection(bot, report))
    : report.bots.flatMap((bot) => briefWeeklySection(bot, report));

const severalBots = (report: Report): Block[] =>
  report.bots.length === 0
    ? [NOTHING_YET]
    : [
        ...botsTable(report.bots, 'Every bot'),
        ...report.bots
          .filter(needsAttention)
          .slice(0, MOST_SECTIONS)
          .flatMap((bot) => sectionOfSeveral(bot, report)),
      ];

/** Where the other bots are. */
function whereOthersAre({ next_cursor, left_out }: Report): Block[] {
  if (next_cursor !== null)
    return [{ type: 'text', text: `There are more bots: GET /report?cursor=${next_cursor} has the next ones.` }];
  if (left_out === 0) return [];
  return [
    {
      type: 'text',
      text: `For ${counted(left_out, 'more bot')} there is no room in this mail: GET /report has all bots, a page at a time.`,
    },
  ];
}

const NOTHING_YET = { type: 'text', text: 'No bot has reported anything yet.' } as const;
const FULL_REPORT = 'Symbols, hours, triggers, the quality of the data and what each number means: in the full report.';

function framed(report: Report, blocks: readonly Block[]): Document {
  const kept = withNumberedCharts(blocks);
  return {
    subject: subjectOf(report),
    ...titlesOf(report),
    blocks: kept,
    charts: kept.flatMap((block) => (block.type === 'chart' ? [block.chart] : [])),
  };
}

/** Keeps the first charts and makes their ids unique, since different bots have the same charts. */
function withNumberedCharts(blocks: readonly Block[]): Block[] {
  let charts = 0;
  return blocks.flatMap((block): Block[] => {
    if (block.type !== 'chart') return [block];
    charts += 1;
    const { chart } = block;
    return charts > MOST_CHARTS ? [] : [{ ...block, chart: { ...chart, id: `${chart.id}-${charts}` } }];
  });
}

function titlesOf({ kind, date, complete, time_zone, bots }: Report): Pick<Document, 'title' | 'subtitle'> {
  const zone = `Trading days in ${time_zone}`;
  const until = complete ? longDay(date) : `${longDay(date)}, so far`;
  return kind === 'daily'
    ? { title: `Strategy report, ${until}`, subtitle: zone }
    : { title: `Weekly review, seven days to ${until}`, subtitle: `${zone}; ${counted(bots.length, 'bot')}` };
}

/** The subject line, with the most important result. */
function subjectOf(report: Report): string {
  const title = `${report.kind === 'daily' ? 'Strategy report' : 'Weekly review'} ${shortDay(report.date)}${report.complete ? '' : ', so far'}`;
  const [only, ...more] = report.bots;
  if (!only) return title;
  if (more.length > 0) return `${title}: ${[counted(report.bots.length, 'bot'), ...decisionsIn(report)].join(', ')}`;
  const { total_pnl_usd, total_trades, win_rate } = performanceOf(only);
  if (isOnlyOutside(only)) return `${title}: ${actionFor(only)}`;
  return `${title}: ${actionFor(only)}; ${usd(total_pnl_usd)}, ${counted(total_trades, 'trade')}${win_rate === null ? '' : `, ${percent(win_rate)} won`}`;
}

/** What to do, in a few words: by the test of these days, or else by before and after. */
export const actionFor = ({ verdict, experiments: [test] }: Section): string =>
  test ? actionOfTest(test.verdict, test.status) : verdict ? actionOf(verdict) : 'no snapshot yet';

/** The decisions of all bots, for the subject line. */
function decisionsIn({ bots }: Report): string[] {
  const decisions = (kind: VerdictKind, verb: string) => {
    const n = bots.filter(({ verdict }) => verdict?.kind === kind).length;
    return n === 0 ? [] : [`${verb} ${counted(n, 'change')}`];
  };
  return [...decisions('revert', 'revert'), ...decisions('keep', 'keep')];
}

/** Most bots listed without a section of their own. */
const MOST_OTHERS = 100;

function otherBots(report: Report, sections: number): Block[] {
  const bots = report.bots.slice(sections);
  if (bots.length === 0) return [];
  return [
    { type: 'heading', level: 2, text: 'The other bots' },
    ...botsTable(bots, 'GET /report?bot_id=… has the full report of each'),
  ];
}

/** A line for each bot. */
function botsTable(bots: readonly Section[], caption: string): Block[] {
  const line = (bot: Section) => {
    const { total_trades, total_pnl_usd } = performanceOf(bot);
    const onlyOutside = isOnlyOutside(bot);
    const [active] = bot.strategies;
    return [
      active ? `${plain(bot.bot_id, 24)}: ${nameOf(active, 30)}` : plain(bot.bot_id, 24),
      actionFor(bot),
      count(onlyOutside ? null : total_trades),
      usd(onlyOutside ? null : total_pnl_usd),
    ];
  };
  const rest = bots.length - MOST_OTHERS;
  return [
    {
      type: 'table',
      caption,
      columns: [
        { label: 'Bot: active strategy' },
        { label: 'Verdict' },
        { label: 'Trades', align: 'right' },
        { label: 'P&L', align: 'right' },
      ],
      rows: bots.slice(0, MOST_OTHERS).map(line),
    },
    ...(rest > 0 ? [{ type: 'text', text: `And ${counted(rest, 'more bot')}.` } as const] : []),
  ];
}
