/** Mutants that no test needs to notice, and why. */
export const reasons: readonly { readonly file: string; readonly change: string; readonly reason: string }[] = [
  {
    file: 'functions/trades/sql/trades.sql',
    change: 'EXIT WHEN v_order.is_position AND v_closing.last_opened_at > v_order.last_filled_at;',
    reason: 'equivalent: the search ends later, and the same trades are derived again',
  },
  {
    file: 'functions/trades/sql/matching_state.sql',
    change: 'GROUP BY book_id, (place - 2) / 25',
    reason: 'equivalent: the rows come in pieces of another size',
  },
  {
    file: 'functions/report/sql/report_due.sql',
    change: '(v_day + (p_quiet_until <= p_quiet_from)',
    reason: 'equivalent: the two differ, or the contract refuses them',
  },
  {
    file: 'functions/report/sql/report_due.sql',
    change: 'ELSIF p_quiet_until <= p_quiet_from',
    reason: 'equivalent: the two differ, or the contract refuses them',
  },
  {
    file: 'functions/report/mailings.ts',
    change: 'mail === null && recipients.length',
    reason: 'equivalent: a report to nobody is made, and not mailed',
  },
  {
    file: 'functions/report/sql/report_due.sql',
    change: '(v_time < p_quiet_until OR p_quiet_until <= p_quiet_from)',
    reason: 'equivalent: the two differ, or the contract refuses them',
  },
  {
    file: 'functions/report/sql/report_due.sql',
    change: '(v_time <= p_quiet_until OR',
    reason: 'equivalent: at their end it is due then, in either case',
  },
  {
    file: 'functions/report/delivery/lists.ts',
    change: 'PAGE = 1001',
    reason: 'equivalent: the lists come in pages of another size',
  },
  {
    file: 'functions/service/sql/set_bot.sql',
    change: 'PERFORM lock_bot(v_bot); → NULL;',
    reason: 'equivalent: a single row is written; every write locks its bot all the same',
  },
  {
    file: 'functions/report/mailings.ts',
    change: 'Math.floor(early',
    reason: 'equivalent: what comes back a moment too early goes back once more',
  },
  {
    file: 'functions/report/mailings.ts',
    change: 'Math.ceil(early / 1001)',
    reason: 'equivalent: what comes back a moment too early goes back once more',
  },
  {
    file: 'functions/experiments/verdict/integrity.ts',
    change: '(mean(candidate) + mean(baseline)) / 3',
    reason: 'equivalent: a correlation is the same on another scale',
  },
];
