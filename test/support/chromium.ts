import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { LaunchOptions } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** How to start the system's Chromium: `CHROMIUM` says where it is, else it is looked for in the PATH. null: there is none. */
export function chromiumOptions(): LaunchOptions | null {
  const executablePath = [
    ...(process.env.CHROMIUM ? [process.env.CHROMIUM] : []),
    ...NAMES.flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name))),
  ].find(isExecutable);
  // The sandbox refuses root.
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
