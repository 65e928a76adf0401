/** A report that was mailed, or should have been. */
export interface MailedReport {
  readonly kind: 'daily' | 'weekly';
  readonly date: string;
}

/** What a run that mails again did. */
export interface Resent {
  /** Recipients of the deployment that got it. */
  readonly sent: number;
  /** Mails to lists that bots have of their own, handed to the queue. */
  readonly mailings: number;
}

/** The schedule that mails reports of a kind. */
export const scheduleOf = (kind: MailedReport['kind']): 'daily-report' | 'weekly-review' =>
  kind === 'daily' ? 'daily-report' : 'weekly-review';
