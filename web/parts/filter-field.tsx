import { useEffect, useState } from 'react';
import { Field } from './field.tsx';

/** A labeled filter that takes effect with Enter, or when it is left: half a word would find nothing. */
export function FilterField({
  label,
  value,
  hint,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly hint: string;
  readonly onChange: (value: string) => void;
}) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const apply = () => text.trim() !== value && onChange(text.trim());
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
      onBlur={apply}
    >
      <Field label={label} value={text} hint={hint} onChange={setText} />
    </form>
  );
}
