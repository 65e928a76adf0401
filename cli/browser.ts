import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';

/** A browser that was not running keeps its opener waiting: after so long it is taken to be there. */
const PATIENCE_MS = 2000;

/** Shows a file in the browser. @returns whether there is one */
export async function openInBrowser(file: string): Promise<boolean> {
  const opener = openerOf(process);
  if (opener === null) return false;
  const child = spawn(opener, [file], { stdio: 'ignore', detached: true });
  child.unref();
  const exit = once(child, 'exit').catch(() => [1]);
  const [code] = await Promise.race([exit, setTimeout(PATIENCE_MS, [0])]);
  return code === 0;
}

/** BROWSER wins, as everywhere: an editor on a far machine sets it to show pages on the near one. */
function openerOf({ platform, env }: NodeJS.Process): string | null {
  if (env.BROWSER) return env.BROWSER;
  if (platform === 'darwin') return 'open';
  if (platform === 'win32') return 'explorer';
  return env.DISPLAY || env.WAYLAND_DISPLAY ? 'xdg-open' : null;
}
