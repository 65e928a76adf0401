import { type ReactNode, useId } from 'react';
import { reasonOf } from '../api/client.ts';

/** A titled part of a view. */
export function Panel({
  title,
  aside,
  wide = false,
  children,
}: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly wide?: boolean;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={wide ? 'panel wide' : 'panel'} aria-labelledby={id}>
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

interface Answer<Data> {
  readonly data: Data | undefined;
  readonly error: unknown;
}

/** Shows an answer of the API: its data, even when asking again failed; or else why it failed; or that it is on its way. */
export function Answered<Data>({
  of: { data, error },
  children,
}: {
  readonly of: Answer<Data>;
  readonly children: (data: Data) => ReactNode;
}) {
  if (data !== undefined) return children(data);
  if (error) return <Failure error={error} />;
  return (
    <p className="quiet loading" role="status">
      Loading…
    </p>
  );
}

export const Failure = ({ error }: { readonly error: unknown }) => (
  <p className="failure" role="alert">
    {reasonOf(error)}
  </p>
);

export const Empty = ({ children }: { readonly children: ReactNode }) => <p className="quiet empty">{children}</p>;
