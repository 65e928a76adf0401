import { useState } from 'react';
import { Dialog } from '../../parts/dialog.tsx';
import { LongField } from '../../parts/field.tsx';

/** Notes name a strategy everywhere; the earlier ones are kept. */
export function EditNotes({
  notes,
  onClose,
  onSave,
}: {
  readonly notes: string | null;
  readonly onClose: () => void;
  readonly onSave: (notes: string | null) => Promise<void>;
}) {
  const [text, setText] = useState(notes ?? '');
  return (
    <Dialog title="Edit notes" action="Save" onClose={onClose} onConfirm={() => onSave(text.trim() || null)}>
      <p className="quiet">The notes name these settings in every list and report. The earlier notes are kept.</p>
      <LongField label="Notes" rows={4} value={text} onChange={setText} />
    </Dialog>
  );
}
