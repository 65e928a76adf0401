import type { Weekday } from '../../schedules.ts';

/** Who gets a mailing. */
export interface MailingList {
  /** Empty: the recipients of the deployment. Else the bots that have this list of their own. */
  readonly id: string;
  readonly recipients: readonly string[];
}

/** The list of the recipients of the deployment. */
export const deploymentList = (recipients: readonly string[]): MailingList => ({ id: '', recipients });

/** A report for a list of recipients that bots have of their own: a message of the queue. */
export interface Mailing {
  readonly kind: 'daily' | 'weekly';
  readonly list_id: string;
  /** The last trading day of the report. */
  readonly date: string;
  /** The Date header of the mail. */
  readonly at: string;
  readonly resend: boolean;
}

export interface DueRequest {
  readonly at: string;
  /** The hour of reports, by the clock of each list. */
  readonly hour: number;
  /** The day of the weekly review; off: there is none. */
  readonly weekday: Weekday | 'off';
  /** A run by hand: only this kind, or this trading day, however long ago it was due. */
  readonly kind?: Mailing['kind'] | undefined;
  readonly date?: string | undefined;
  /** Whether to send again what may not have arrived. */
  readonly resend: boolean;
}
