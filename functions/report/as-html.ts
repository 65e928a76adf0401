import type { Strategy } from '../comparison/contract.ts';
import { targetSentence } from '../comparison/targets.ts';
import type { Verdict } from '../comparison/verdict/contract.ts';
import { daySentence } from './day-sentence.ts';
import { definitions } from './definitions.ts';
import { count, counted, factor, longDay, nameOf, pairOf, percent, usd } from './format.ts';
import { type Html, html } from './html.ts';
import type { BotSection, Report } from './report.ts';

/** Mail clients keep inline styles and little else. */
const INK = 'color:#1b1f24';
const QUIET = 'color:#57606a';
const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const CELL = 'padding:8px 6px;border-bottom:1px solid #d8dee4;vertical-align:top';
const NUMBER = `${CELL};text-align:right;white-space:nowrap`;

/** The report as a page and as a mail: tables and inline styles, no script, no picture needed. */
export function asHtml(report: Report): string {
  const title = `Strategy report, ${longDay(report.date)}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
</head>
<body style="margin:0;background:#f6f8fa;${FONT};${INK};font-size:15px;line-height:1.45">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:16px 8px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:720px;background:#ffffff;border:1px solid #d8dee4;border-radius:8px"><tr><td style="padding:20px 16px">
<h1 style="margin:0;font-size:20px">${title}</h1>
<p style="margin:4px 0 0;${QUIET}">Trading days in ${report.time_zone}</p>
${report.bots.length === 0 ? html`<p style="margin:20px 0 0">No bot has reported anything yet.</p>` : report.bots.map(section)}
${glossary}
</td></tr></table>
</td></tr></table>
</body>
</html>
`.html;
}

function section({ bot_id, day, outside, strategies, verdict, correction, coverage }: BotSection): Html {
  return html`
<h2 style="margin:28px 0 0;font-size:17px;overflow-wrap:anywhere">Bot ${bot_id}</h2>
${verdict ? headline(verdict) : ''}
${correction ? html`<p style="margin:8px 0 0;font-weight:600">${correction}</p>` : ''}
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin-top:8px"><tr>
${figure('P&L of the day', usd(day.total_pnl_usd))}${figure('Trades', count(day.total_trades))}${figure('Win rate', percent(day.win_rate))}${figure('Link rate', percent(coverage.link_rate))}
</tr></table>
<p style="margin:8px 0 0;${QUIET}">${daySentence(day, coverage)}</p>
${outside.manual_trades > 0 ? html`<p style="margin:4px 0 0;${QUIET}">Made by hand and in no strategy: ${counted(outside.manual_trades, 'trade')}, ${usd(outside.manual_pnl_usd)}.</p>` : ''}
${outside.unattributed_trades > 0 ? html`<p style="margin:4px 0 0;${QUIET}">Entered before the first snapshot and in no strategy: ${counted(outside.unattributed_trades, 'trade')}, ${usd(outside.unattributed_pnl_usd)}.</p>` : ''}
<h3 style="margin:20px 0 4px;font-size:15px">The last strategies</h3>
${strategies.length === 0 ? html`<p style="margin:0;${QUIET}">No snapshot of this bot’s settings yet: its trades cannot be told apart by strategy.</p>` : strategies.map(strategyTable)}`;
}

/** The verdict in one sentence, and what has to be known before it is believed. */
function headline(verdict: Verdict): Html {
  const { kind, summary, label_notes } = verdict;
  const pair = pairOf(verdict);
  return html`
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:8px 0"><tr><td style="padding:12px;background:${tints[kind]};border-radius:6px">
<p style="margin:0;font-size:16px;font-weight:600">${summary}</p>
${pair ? html`<p style="margin:6px 0 0;font-size:13px;overflow-wrap:anywhere" dir="auto"><bdi>${pair}</bdi></p>` : ''}
${Object.values(label_notes).map((note) => html`<p style="margin:6px 0 0;font-size:13px">${note}</p>`)}
</td></tr></table>`;
}

/** Behind dark text at a contrast above 12:1. */
const tints: Readonly<Record<Verdict['kind'], string>> = {
  keep: '#dafbe1',
  revert: '#ffebe9',
  no_material_difference: '#eaeef2',
  keep_running: '#fff8c5',
  not_enough_data: '#eaeef2',
};

function figure(label: string, value: string): Html {
  return html`<td style="padding:8px 6px 0 0;vertical-align:top"><div style="font-size:12px;${QUIET}">${label}</div><div style="font-size:20px;font-weight:600;white-space:nowrap">${value}</div></td>`;
}

/** One table a strategy, so that it is read on a phone without scrolling sideways. */
function strategyTable(strategy: Strategy): Html {
  return html`
<table width="100%" cellpadding="0" cellspacing="0" style="margin:8px 0 16px;border-collapse:collapse;font-size:14px">
<caption style="text-align:left;padding:6px 0;font-weight:600;overflow-wrap:anywhere" dir="auto"><bdi>${nameOf(strategy)}</bdi>${strategy.active_until === null ? html` <span style="${QUIET};font-weight:400">(active)</span>` : ''}</caption>
<tr>${header('Days')}${header('Trades')}${header('Win %')}${header('P&L')}</tr>
<tr><td style="${NUMBER}">${count(strategy.days_active)}</td><td style="${NUMBER}">${count(strategy.total_trades)}</td><td style="${NUMBER}">${percent(strategy.avg_win_rate)}</td><td style="${NUMBER}">${usd(strategy.total_pnl)}</td></tr>
<tr>${header('Profit factor')}${header('Expectancy')}${header('Fast exits')}${header('Open')}</tr>
<tr><td style="${NUMBER}">${factor(strategy.avg_profit_factor)}</td><td style="${NUMBER}">${usd(strategy.avg_expectancy)}</td><td style="${NUMBER}">${percent(strategy.fast_exit_rate)}</td><td style="${CELL};text-align:right">${strategy.open_trades === 0 ? '0' : `${count(strategy.open_trades)} (${usd(strategy.open_cost_usd)})`}</td></tr>
<tr><td colspan="4" style="padding:6px;font-size:13px;${QUIET}">Targets: ${targetSentence(strategy.targets)}</td></tr>
</table>`;
}

function header(label: string): Html {
  return html`<th scope="col" width="25%" style="${CELL};text-align:right;font-weight:400;font-size:12px;${QUIET}">${label}</th>`;
}

const glossary = html`
<h2 style="margin:28px 0 4px;font-size:15px">What the numbers mean</h2>
<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;font-size:13px;${QUIET}">
${definitions.map(([term, meaning]) => html`<tr><th scope="row" style="padding:3px 8px 3px 0;text-align:left;vertical-align:top;white-space:nowrap">${term}</th><td style="padding:3px 0">${meaning}</td></tr>`)}
</table>`;
