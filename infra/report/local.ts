import { bodyOf, pathOf, type Reports, scheduleOf } from './reports.ts';

/** The reports of a service that runs on this machine. */
export function localReports(url: string): Reports {
  const ask = async (path: string, init?: RequestInit) => bodyOf(await fetch(`${url}${path}`, init).catch(notThere));
  const notThere = (): never => {
    throw new Error(`nothing answers at ${url}: start the service with npm start, or say where it is (--url)`);
  };
  return {
    show: (question) => ask(pathOf(question)),
    async resend({ kind, date }) {
      const path = `/_local/schedules/${scheduleOf(kind)}?${new URLSearchParams({ date, resend: 'true' })}`;
      return (JSON.parse(await ask(path, { method: 'POST' })) as { sent: number }).sent;
    },
  };
}
