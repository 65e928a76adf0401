import type { ReactNode, Ref } from 'react';

/** A part that scrolls by itself where it does not fit, with the keyboard too. */
export const Scroll = ({
  label,
  size = '',
  ref,
  children,
}: {
  readonly label: string;
  readonly size?: 'tall' | 'medium' | '';
  readonly ref?: Ref<HTMLDivElement>;
  readonly children: ReactNode;
}) => (
  // biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs, and a section would be one more landmark
  // biome-ignore lint/a11y/noNoninteractiveTabindex: without the focus, the keyboard cannot scroll it
  <div ref={ref} className={`scroll ${size}`} role="group" tabIndex={0} aria-label={label}>
    {children}
  </div>
);
