import { dayAfter } from '../../../functions/summaries/days.ts';
import { api } from '../../api/client.ts';
import { dayOf, useTimeZone } from '../../parts/times.ts';

export interface Month {
  /** @example 'November 2026' */
  readonly name: string;
  readonly first: string;
  readonly last: string;
  readonly before: string;
  readonly after: string;
}

/** The month in the address: of its day, or as named, or else that of the last summary. */
export function useMonth(bot_id: string, params: Readonly<Record<string, string | undefined>>): Month {
  const timeZone = useTimeZone();
  const { data } = api.useQuery('get', '/summaries/pnl', { params: { query: { bot_id } } });
  const today = dayOf(Date.now(), timeZone);
  const wanted = params.day?.slice(0, 7) ?? params.month ?? (data?.to ?? today).slice(0, 7);
  return monthOf(/^\d{4}-(0[1-9]|1[0-2])$/.test(wanted) ? wanted : today.slice(0, 7));
}

/** @example monthOf('2026-02').last // '2026-02-28' */
export function monthOf(month: string): Month {
  const first = `${month}-01`;
  const after = dayAfter(first, 31).slice(0, 7);
  return {
    name: new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(new Date(first)),
    first,
    last: dayAfter(`${after}-01`, -1),
    before: dayAfter(first, -1).slice(0, 7),
    after,
  };
}
