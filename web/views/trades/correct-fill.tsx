import { useState } from 'react';
import { client, type Schema } from '../../api/client.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';

const fields = { price: 'Price', size: 'Size', fee_usd: 'Fee, USD' } as const;
type Name = keyof typeof fields;
const names = Object.keys(fields) as Name[];

/** Corrects a fill, or removes one that never happened. The original is kept. */
export function CorrectFill({
  bot_id,
  fill,
  onClose,
  onDone,
}: {
  readonly bot_id: string;
  readonly fill: Schema['TradeFill'];
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}) {
  const [values, setValues] = useState<Record<Name, string>>({
    price: fill.price,
    size: fill.size,
    fee_usd: fill.fee_usd ?? '',
  });
  const [reason, setReason] = useState('');
  const [isVoid, setVoid] = useState(false);
  const correct = async () => {
    const changed = names.filter((name) => values[name].trim() !== (fill[name] ?? ''));
    if (!isVoid && changed.length === 0) throw { detail: 'change a value, or remove the fill' };
    if (reason.trim() === '') throw { detail: 'give a reason' };
    const { error } = await client.POST('/fills/corrections', {
      body: {
        ...{ bot_id, fill_id: fill.fill_id, reason },
        ...(isVoid ? { void: true } : Object.fromEntries(changed.map((name) => [name, values[name].trim()]))),
      },
    });
    if (error) throw error;
    await onDone();
  };
  return (
    <Dialog title="Correct a fill" action="Correct" onClose={onClose} onConfirm={correct}>
      <p className="quiet any">
        {fill.fill_id}: its trades and their days are computed again. The original and this correction are kept.
      </p>
      {!isVoid &&
        names.map((name) => (
          <Field
            key={name}
            label={fields[name]}
            value={values[name]}
            onChange={(value) => setValues({ ...values, [name]: value })}
          />
        ))}
      <label className="check">
        <input type="checkbox" checked={isVoid} onChange={(event) => setVoid(event.target.checked)} /> It never
        happened: remove it
      </label>
      <Field label="Reason" value={reason} hint="The exchange charged more" onChange={setReason} />
    </Dialog>
  );
}
