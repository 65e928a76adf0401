import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import type { Chart } from './chart.ts';
import { pngFiles } from './png-files.ts';

const contentOf = (file: string) => readFile(createRequire(import.meta.url).resolve(file));

/** The renderer's fonts; it is started once per process, by the first chart. */
let started: Promise<readonly Uint8Array[]> | undefined;

async function start(): Promise<readonly Uint8Array[]> {
  const [renderer, ...fonts] = await Promise.all(
    [pngFiles.renderer, pngFiles.regular, pngFiles.semiBold].map(contentOf),
  );
  await initWasm(renderer);
  return fonts;
}

/** Draws a chart as a PNG, at twice its size for high-density screens. */
export async function pngOf(chart: Chart): Promise<Buffer> {
  started ??= start().catch((error) => {
    started = undefined;
    throw error;
  });
  const fontBuffers = [...(await started)];
  const drawing = new Resvg(chart.svg(), {
    fitTo: { mode: 'zoom', value: 2 },
    font: { fontBuffers, defaultFontFamily: 'Inter' },
  });
  // The renderer's memory is not garbage-collected.
  try {
    const image = drawing.render();
    try {
      return Buffer.from(image.asPng());
    } finally {
      image.free();
    }
  } finally {
    drawing.free();
  }
}
