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
    file: 'functions/trades/write-fills.ts',
    change: 'for (let attempt = 1; attempt < ATTEMPTS; attempt++) {',
    reason: 'equivalent: the lock is taken after one attempt instead of two',
  },
  {
    file: 'functions/trades/matching/plan.ts',
    change: 'if (minus.length !== 0 && plus.every',
    reason: 'equivalent: of sizes that are all zero nothing is allocated, and the sum is computed in the long way',
  },
  {
    file: 'functions/trades/known-state.ts',
    change: '.slice(1, -MOST.bots)',
    reason: 'equivalent: the state of one more bot stays in memory',
  },
  {
    file: 'functions/trades/sql/attribution.sql',
    change: 'attributed_at <= p_until AND order_id IS NOT NULL',
    reason: 'equivalent: the snapshot of one more order is derived again, and is the same',
  },
  {
    file: 'functions/report/mailings.ts',
    change: 'list_id: z.string().min(2)',
    reason: 'equivalent: an id is a digest',
  },
  {
    file: 'functions/report/mailings.ts',
    change: 'mail === null && recipients.length',
    reason: 'equivalent: a report to nobody is made, and not mailed',
  },
  {
    file: 'functions/service/sql/set_bot.sql',
    change: 'PERFORM lock_bot(v_bot); → NULL;',
    reason: 'equivalent: a single row is written; every write locks its bot all the same',
  },
  ...['ids.length >= 0 ? await store.ownersOf', 'true ? await store.ownersOf'].map((change) => ({
    file: 'functions/access/access.ts',
    change,
    reason: 'equivalent: the owners of no ids are looked up',
  })),
  {
    file: 'functions/experiments/verdict/integrity.ts',
    change: '(mean(candidate) + mean(baseline)) / 3',
    reason: 'equivalent: a correlation is the same on another scale',
  },
  {
    file: 'functions/comparison/verdict/observational.ts',
    change: '(influence[before] ?? 1)',
    reason: 'equivalent: there is always a day before',
  },
  {
    file: 'functions/runtime/messenger.ts',
    change: 'longestPauseMs = 30001',
    reason: 'a millisecond of half a minute makes no difference',
  },
  {
    file: 'functions/runtime/messenger.ts',
    change: 'status <= 300',
    reason: 'none of the services answers with 300',
  },
  {
    file: 'functions/summaries/summaries.ts',
    change: '(last_day ?? to) >= to',
    reason: 'equivalent: one more step finds nothing to do',
  },
  ...Object.entries({
    "let [clean, end, at] = ['', 0, 1]": 'equivalent: no URL has its `@` before the third character',
    'credentials: 703': 'equivalent: the expression itself matches no more than 701 characters',
    'if (at <= begin)': 'equivalent: the same `@` is found again',
    'Math.max(slashes + 2, end)': 'equivalent: the next `://` begins three characters later at the earliest',
    'return true ? replaced(text, WEBHOOK_URL)': 'equivalent, but slower: every webhook has one of the words',
    'return true ? STEPS': 'equivalent, but slower: every secret has one of the characters or the length',
    'if (at < begin) ;': 'equivalent, but slower: every URL is followed up to an `@`',
  }).map(([change, reason]) => ({ file: 'functions/contract/secrets.ts', change, reason })),
];
