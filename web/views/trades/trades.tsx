import { useMemo } from 'react';
import { Field } from '../../parts/field.tsx';
import { FilterField } from '../../parts/filter-field.tsx';
import { nameOf, useSnapshots } from '../../parts/names.ts';
import { Picker } from '../../parts/picker.tsx';
import { change, useBot, useRoute } from '../../route.ts';
import { useDayRange } from './day-range.ts';
import { Download } from './download.tsx';
import { TradeDetail } from './trade-detail.tsx';
import { TradeTable } from './trade-table.tsx';

const any = { value: '', text: 'All' };

/** Closed trades with their filters, which are all in the address, and one trade opened. */
export function Trades() {
  const bot_id = useBot();
  const { params } = useRoute();
  const snapshots = useSnapshots(bot_id);
  const range = useDayRange(params.day);
  const { snapshot: snapshot_id, symbol, side, trigger: trigger_type } = params;
  const query = useMemo(
    () => ({
      bot_id,
      ...(snapshot_id && { snapshot_id }),
      ...(symbol && { symbol }),
      ...((side === 'long' || side === 'short') && { side: side as 'long' | 'short' }),
      ...(trigger_type && { trigger_type }),
      ...range,
    }),
    [bot_id, snapshot_id, symbol, side, trigger_type, range],
  );
  return (
    <>
      <div className="toolbar">
        <Picker
          label="Snapshot"
          value={snapshot_id ?? ''}
          options={[any, ...snapshots.map((each) => ({ value: each.snapshot_id, text: nameOf(each, 40) }))]}
          onPick={(id) => change({ snapshot: id || undefined })}
        />
        <FilterField
          label="Symbol"
          value={symbol ?? ''}
          hint="BTC-USD"
          onChange={(value) => change({ symbol: value || undefined })}
        />
        <Picker
          label="Side"
          value={side ?? ''}
          options={[any, { value: 'long', text: 'Long' }, { value: 'short', text: 'Short' }]}
          onPick={(value) => change({ side: value || undefined })}
        />
        <FilterField
          label="Exit trigger"
          value={trigger_type ?? ''}
          hint="take_profit"
          onChange={(value) => change({ trigger: value || undefined })}
        />
        <Field
          label="Day"
          type="date"
          value={params.day ?? ''}
          onChange={(value) => change({ day: value || undefined })}
        />
        <Download key={JSON.stringify(query)} query={query} />
      </div>
      {params.trade && <TradeDetail key={params.trade} trade_id={params.trade} />}
      <TradeTable query={query} />
    </>
  );
}
