import { createInterface } from 'node:readline/promises';
import { WrongUsage } from './command.ts';

/** Asks for a yes on the screen; what is asked goes to stderr, so that stdout stays the answer's.
 *  @throws WrongUsage where there is nobody to ask */
export async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new WrongUsage('nobody is here to ask: --yes goes ahead without');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`\n${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
