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
  readonly ref?: Ref<HTMLElement>;
  readonly children: ReactNode;
}) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: without the focus, the keyboard cannot scroll it
  <section ref={ref} className={`scroll ${size}`} tabIndex={0} aria-label={label}>
    {children}
  </section>
);
