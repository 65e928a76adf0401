import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { LaunchOptions } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Launch options for the system's Chromium, from `CHROMIUM` or the PATH; null when there is none. */
export function chromiumOptions(): LaunchOptions | null {
  const executablePath = [
    ...(process.env.CHROMIUM ? [process.env.CHROMIUM] : []),
    ...NAMES.flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name))),
  ].find(isExecutable);
  // The sandbox does not work for root.
  return executablePath ? { executablePath, chromiumSandbox: process.getuid?.() !== 0 } : null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
