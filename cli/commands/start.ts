import { command } from '../command.ts';
import { serviceVariables } from '../environment.ts';

export const start = command({
  summary: 'Run the service on this machine until it is stopped with Ctrl-C',
  description: 'All settings are optional environment variables; their defaults are in parentheses.',
  options: {},
  environment: serviceVariables,
  async run(_args, { out }) {
    const { settingsInEnvironment, untilInterrupted, withService } = await import('../local-service.ts');
    await withService(settingsInEnvironment(), { out }, async ({ url, pageUrl, inboxUrl }, signal) => {
      out(`
Page       ${pageUrl}
API        ${url}
Report     ${url}/report
Contract   ${url}/openapi.json
Inbox      ${inboxUrl}

Ready. Stop with Ctrl-C.`);
      await untilInterrupted(signal);
    });
    return undefined;
  },
});
