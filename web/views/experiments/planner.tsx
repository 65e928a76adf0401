import { type ReactNode, useState } from 'react';
import { counted, usd } from '../../../functions/formatting.ts';
import { api } from '../../api/client.ts';
import { Figure } from '../../parts/amount.tsx';
import { Field } from '../../parts/field.tsx';
import { Answered, Panel } from '../../parts/panel.tsx';
import { Power } from './power.tsx';

/** How long a test takes, for which difference. */
export function Planner({ bot_id, children }: { readonly bot_id: string; readonly children: ReactNode }) {
  const [effect, setEffect] = useState('');
  const isAmount = effect === '' || (/^\d*\.?\d+$/.test(effect) && Number(effect) > 0);
  const plan = api.useQuery('get', '/experiments/plan', {
    params: { query: { bot_id, ...(effect !== '' && isAmount && { effect }) } },
  });
  return (
    <Panel title="Plan a test">
      <Field
        label="Difference to find, USD per trade"
        value={effect}
        hint="the smallest that matters"
        onChange={setEffect}
      />
      {!isAmount && <p className="failure">An amount such as 0.10.</p>}
      <Answered of={plan}>
        {({ days, pairs, length, effect_usd, effect_in_60_days_usd, summary }) => (
          <>
            <dl className="figures">
              <Figure
                label={`To find ${usd(effect_usd)} per trade`}
                note={pairs === null ? undefined : counted(pairs, 'pair')}
              >
                {days === null ? 'unknown' : counted(days, 'day')}
              </Figure>
              <Figure label="Found within 60 days" note="per trade, with 80 % probability">
                {usd(effect_in_60_days_usd)}
              </Figure>
              <Figure label="Length of a block">{length}</Figure>
            </dl>
            <p className="quiet">{summary} The baseline of this plan is the active settings.</p>
            {effect === '' && <Power bot_id={bot_id} material={effect_usd} />}
          </>
        )}
      </Answered>
      <div className="actions">{children}</div>
    </Panel>
  );
}
