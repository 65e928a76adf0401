/** A report that was mailed, or should have been. */
export interface MailedReport {
  readonly kind: 'daily' | 'weekly';
  readonly date: string;
}

/** The schedule that mails reports of a kind. */
export const scheduleOf = (kind: MailedReport['kind']): 'daily-report' | 'weekly-review' =>
  kind === 'daily' ? 'daily-report' : 'weekly-review';
