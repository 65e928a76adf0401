import { useState } from 'react';
import { plain } from '../../../functions/report/document/plain.ts';
import { client, type Schema } from '../../api/client.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';

/** Sets who gets the reports of a bot, and when. */
export function SetRecipients({
  bot: { bot_id, ...bot },
  onClose,
  onDone,
}: {
  readonly bot: Schema['Bot'];
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}) {
  const [recipients, setRecipients] = useState(bot.recipients?.join(', ') ?? '');
  const [time_zone, setTimeZone] = useState(bot.time_zone ?? '');
  const [from, setFrom] = useState(bot.quiet_hours?.from ?? '');
  const [until, setUntil] = useState(bot.quiet_hours?.until ?? '');
  const set = async () => {
    const addresses = recipients.split(/[\s,;]+/).filter(Boolean);
    const isOwn = addresses.length > 0;
    const { error } = await client.PUT('/bots/{bot_id}', {
      params: { path: { bot_id } },
      body: {
        recipients: isOwn ? addresses : null,
        time_zone: (isOwn && time_zone.trim()) || null,
        quiet_hours: isOwn && (from || until) ? { from, until } : null,
      },
    });
    if (error) throw error;
    await onDone();
  };
  return (
    <Dialog title={`Who gets the reports of ${plain(bot_id, 64)}?`} action="Save" onClose={onClose} onConfirm={set}>
      <p className="quiet any">
        Reports of this bot go only to these addresses. Without any, they go to the recipients of the deployment, at its
        hour.
      </p>
      <Field label="Addresses" value={recipients} hint="ann@example.org, bob@example.org" onChange={setRecipients} />
      <Field
        label="Time zone of the report hour"
        value={time_zone}
        hint="that of trading days"
        onChange={setTimeZone}
      />
      <Field label="Quiet from" value={from} hint="22:00" onChange={setFrom} />
      <Field label="Quiet until" value={until} hint="07:30" onChange={setUntil} />
    </Dialog>
  );
}
