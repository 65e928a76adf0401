import { format } from '../format.ts';
import { sideOfTrigger, triggerOf } from '../trigger.ts';

/** The old bot's links. The snapshot of an order is resolved again from the time: theirs was cached when the bot started. */
export const tradeStrategyLink = format({
  name: 'trade_strategy_link',
  what: 'the old bot’s trade_strategy_link',
  columns: {
    order_id: ['order_id'],
    snapshot_id: ['snapshot_id'],
    buy_score: ['buy_score'],
    sell_score: ['sell_score'],
    trigger: ['trigger_type', 'trigger'],
    indicators_fired: ['indicators_fired'],
    indicator_breakdown: ['indicator_breakdown'],
  },
  needs: ['order_id', 'snapshot_id'],
  *entries({ text, json }) {
    const trigger_type = triggerOf(json('trigger'));
    const [buy_score, sell_score] = [text('buy_score'), text('sell_score')];
    const fired = text('indicators_fired');
    yield {
      kind: 'link',
      claimed: text('snapshot_id'),
      side: sideOfTrigger(trigger_type) ?? sideOfScores(buy_score, sell_score),
      link: {
        order_id: text('order_id')?.replace(/-FILL-\d+$/i, ''),
        buy_score,
        sell_score,
        trigger_type,
        indicators_fired: fired && Number(fired),
        indicator_breakdown: json('indicator_breakdown'),
      },
    };
  },
});

/** Of one score alone; the old bot often wrote both. */
function sideOfScores(buy: string | null, sell: string | null): 'buy' | 'sell' | null {
  if ((buy === null) === (sell === null)) return null;
  return buy === null ? 'sell' : 'buy';
}
