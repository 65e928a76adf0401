/** Says why a command ended, in a line that helps, and ends it as a failure. */
export function failed(error: unknown): void {
  console.error(describe(error));
  process.exitCode = 1;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE')
    return `port ${port} is taken: end what listens there, or set PORT or INBOX_PORT to another`;
  return error.message;
}
