// Replaces Lambda's runtime: loads one bundle and handles events from its parent process, one at a time.
const [bundle] = process.argv.slice(2);
const { handler } = await import(bundle);
process.on('message', async ({ event, requestId, remainingMs }) => {
  const context = { awsRequestId: requestId, getRemainingTimeInMillis: () => remainingMs };
  try {
    const result = await handler(event, context);
    process.send({ result, peakKilobytes: process.resourceUsage().maxRSS });
  } catch (error) {
    process.send({ error: String(error?.stack ?? error) });
  }
});
process.send({ ready: true });
