import { createInterface } from 'node:readline/promises';
import { UsageError } from './failure.ts';
import { openProgress, type Progress } from './progress.ts';
import { visible } from './visible.ts';

/** Where a command prints. */
export interface Terminal {
  /** Prints a result, to stdout. */
  readonly out: (text: string) => void;
  /** Prints everything else, to stderr. */
  readonly error: (text: string) => void;
  /** Shows how far a command has come, until something else is printed. */
  readonly progress: (progress: Progress) => void;
  /** In columns. */
  readonly width: number;
}

const DEFAULT_WIDTH = 80;

/** The terminal of this process. */
export function processTerminal(): Terminal & { readonly close: () => void } {
  const { show, close } = openProgress();
  const after = (print: (text: string) => void) => (text: string) => {
    close();
    print(visible(text));
  };
  return {
    out: after(console.log),
    error: after(console.error),
    progress: show,
    // COLUMNS counts where stdout is no terminal.
    width: process.stdout.columns || Number(process.env.COLUMNS) || DEFAULT_WIDTH,
    close,
  };
}

/** Asks for a yes. The question goes to stderr, so that stdout has the result only.
 *  @throws UsageError where stdin is no terminal */
export async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UsageError('this command asks for confirmation: add --yes to run it without a terminal');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`\n${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
