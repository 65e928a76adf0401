import { dayAfter } from '../../../functions/summaries/days.ts';
import { Field } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Picker } from '../../parts/picker.tsx';
import { dayOf, useTimeZone } from '../../parts/times.ts';
import { change, useRoute } from '../../route.ts';
import { Recipients } from './recipients.tsx';

/** Who gets the reports, and the report of any day or week, as it is mailed. */
export function Reports() {
  const { params } = useRoute();
  const timeZone = useTimeZone();
  const kind = params.kind === 'weekly' ? 'weekly' : 'daily';
  const detail = params.detail === 'full' ? 'full' : 'brief';
  const date = params.date ?? dayAfter(dayOf(Date.now(), timeZone), -1);
  const query = new URLSearchParams({ kind, detail, date, ...(params.bot && { bot_id: params.bot }) });
  return (
    <>
      <div className="toolbar">
        <Picker
          label="Report"
          value={kind}
          options={[
            { value: 'daily', text: 'Of the day' },
            { value: 'weekly', text: 'Of the week up to it' },
          ]}
          onPick={(value) => change({ kind: value })}
        />
        <Picker
          label="Detail"
          value={detail}
          options={[
            { value: 'brief', text: 'One screen, as mailed' },
            { value: 'full', text: 'Everything, as attached' },
          ]}
          onPick={(value) => change({ detail: value })}
        />
        <Field label="Day" type="date" value={date} onChange={(value) => change({ date: value || undefined })} />
        <button type="button" onClick={() => change({ date: dayAfter(date, -1) })}>
          Day before
        </button>
        <button type="button" onClick={() => change({ date: dayAfter(date) })}>
          Day after
        </button>
      </div>
      <Recipients bot_id={params.bot} />
      <Panel title={kind === 'daily' ? `Report of ${date}` : `Review of the week up to ${date}`} wide>
        <iframe
          key={query.toString()}
          title={`The ${kind} report of ${date}`}
          src={`/_page/api/report?${query}`}
          sandbox="allow-top-navigation-by-user-activation"
        />
      </Panel>
    </>
  );
}
