// Loaded into the process of the demo: every run of the daily summary answers 500.
const real = globalThis.fetch;
globalThis.fetch = async (input, init) =>
  String(input).includes('/_local/schedules/daily-summary')
    ? Response.json({ message: 'the summary could not be computed' }, { status: 500 })
    : real(input, init);
