import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Opens a page in the browser, from a new file that only its owner can read, since it shows earnings. */
export async function openPage(
  html: string,
  name: string,
): Promise<{ readonly file: string; readonly isOpen: boolean }> {
  const file = join(await mkdtemp(join(tmpdir(), 'strategy-page-')), name);
  await writeFile(file, html, { mode: 0o600 });
  return { file, isOpen: await openInBrowser(file) };
}

/** Opens an address that holds a secret in the browser. It is in a file that only its owner can read, since every user of the machine sees
 *  the arguments of a process.
 *  @param address without characters that have a meaning in HTML */
export const openSecretAddress = (address: string): ReturnType<typeof openPage> =>
  openPage(
    `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0;url=${address}">
<title>Strategy snapshots</title>
`,
    'open.html',
  );

/** Time after which the page counts as open, in milliseconds: a browser that was not running does not return. */
const PATIENCE_MS = 2000;

/** Opens a file or an address in the browser, where there is one. */
async function openInBrowser(address: string): Promise<boolean> {
  const opener = openerOf(process);
  if (opener === null) return false;
  const child = spawn(opener, [address], { stdio: 'ignore', detached: true });
  child.unref();
  const exit = once(child, 'exit').catch(() => [1]);
  const [code] = await Promise.race([exit, setTimeout(PATIENCE_MS, [0])]);
  return code === 0;
}

/** BROWSER comes first, as everywhere: an editor on a remote machine sets it to show pages on the local one. */
function openerOf({ platform, env }: NodeJS.Process): string | null {
  if (env.BROWSER) return env.BROWSER;
  if (platform === 'darwin') return 'open';
  if (platform === 'win32') return 'explorer';
  return env.DISPLAY || env.WAYLAND_DISPLAY ? 'xdg-open' : null;
}
