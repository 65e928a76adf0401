import { useState } from 'react';
import { counted, usd } from '../../../functions/formatting.ts';
import { api, type Schema } from '../../api/client.ts';
import { Field } from '../../parts/field.tsx';
import { Answered, Panel } from '../../parts/panel.tsx';

/** How long it still takes, and what would shorten it. */
export function WhatNext({ verdict, bot_id }: { readonly verdict: Schema['Verdict']; readonly bot_id: string }) {
  const { needed, next_step, smallest_effect_usd, material_usd } = verdict;
  const [effect, setEffect] = useState(String(material_usd || 0.1));
  const isAmount = /^\d*\.?\d+$/.test(effect) && Number(effect) > 0;
  const query = { bot_id, effect: isAmount ? effect : String(material_usd || 0.1) };
  const test = api.useQuery('get', '/experiments/plan', {
    params: { query: { ...query, baseline: verdict.baseline?.snapshot_id ?? '' } },
  });
  return (
    <Panel title="How long until it is decided?">
      <ul>
        <li>
          {needed
            ? `At this size of difference: ${counted(needed.trades, 'more trade')}${needed.days === null ? '' : `, about ${counted(needed.days, 'day')}`}.`
            : next_step.kind === 'decide' || next_step.kind === 'roll_back'
              ? 'It is decided.'
              : 'Not with the old settings’ data as they are: they limit what can be shown.'}
        </li>
        {smallest_effect_usd !== null && (
          <li>The smallest difference that these old settings can ever show: {usd(smallest_effect_usd)} per trade.</li>
        )}
        {next_step.test_days !== null && (
          <li>
            An alternating test, in which a coin decides who trades when: about {counted(next_step.test_days, 'day')}.
          </li>
        )}
      </ul>
      <Field
        label="Plan an alternating test for another difference, USD per trade"
        value={effect}
        onChange={setEffect}
      />
      {!isAmount && <p className="failure">An amount such as 0.10.</p>}
      <Answered of={test}>
        {({ summary }) => (
          <p className="quiet">
            {summary} This plan is from how much pairs of blocks of the old settings differed over their last 90 days;
            the estimate above is from their days.
          </p>
        )}
      </Answered>
    </Panel>
  );
}
