import { command } from '../command.ts';
import { portVariables } from '../environment.ts';

export const demo = command({
  summary: 'Play two weeks of trading on a temporary database and show the comparison',
  description: 'The service then runs until it is stopped with Ctrl-C. All data of the demo is deleted at the end.',
  options: { once: { type: 'boolean', help: 'Exit after the comparison' } },
  environment: portVariables,
  examples: { '--once': 'Show the comparison and exit' },
  async run({ options: { once } }, terminal) {
    const { runDemo } = await import('../demo/demo.ts');
    await runDemo(once, terminal);
    return undefined;
  },
});
