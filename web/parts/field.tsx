import { type HTMLInputTypeAttribute, useId } from 'react';

/** A labeled input. */
export function Field({
  label,
  value,
  type = 'text',
  hint,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly type?: HTMLInputTypeAttribute;
  readonly hint?: string;
  readonly onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <span className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type={type}
        value={value}
        placeholder={hint}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
      />
    </span>
  );
}

/** A labeled input of several lines. */
export function LongField({
  label,
  value,
  rows,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly rows: number;
  readonly onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <span className="field long">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        rows={rows}
        value={value}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    </span>
  );
}
