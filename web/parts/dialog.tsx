import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useSession } from '../api/client.ts';
import { Failure } from './panel.tsx';

/** Asks before something is changed. While it is done, it cannot be done twice; when it fails, the reason is shown and nothing is lost. */
export function Dialog({
  title,
  action,
  onClose,
  onConfirm,
  children,
}: {
  readonly title: string;
  /** The verb on its button. */
  readonly action: string;
  readonly onClose: () => void;
  readonly onConfirm: () => Promise<void>;
  readonly children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const confirm = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  };
  return (
    <dialog ref={dialog} onClose={onClose} aria-label={title}>
      <h2>{title}</h2>
      <div className="dialog-body">{children}</div>
      {error !== null && <Failure error={error} />}
      <div className="actions">
        <button type="button" className="primary" disabled={busy} onClick={confirm}>
          {busy ? 'Working…' : action}
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </dialog>
  );
}

/** A button that opens a dialog. It says why it is off where the page only reads. */
export function Act({
  label,
  primary = false,
  children,
}: {
  readonly label: string;
  readonly primary?: boolean;
  readonly children: (close: () => void) => ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const write = useSession()?.write ?? false;
  return (
    <>
      <button
        type="button"
        className={primary ? 'primary' : ''}
        disabled={!write}
        title={write ? undefined : 'This page only reads: start it with --write to change anything'}
        onClick={() => setOpen(true)}
      >
        {label}
      </button>
      {open && children(() => setOpen(false))}
    </>
  );
}
