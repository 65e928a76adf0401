import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import type { Picture } from './picture.ts';
import { pngFiles } from './png-files.ts';

const contentOf = (file: string) => readFile(createRequire(import.meta.url).resolve(file));

/** The renderer starts once in a process, when the first picture needs it. */
let started: Promise<readonly Uint8Array[]> | undefined;

async function start(): Promise<readonly Uint8Array[]> {
  const [renderer, ...fonts] = await Promise.all(
    [pngFiles.renderer, pngFiles.regular, pngFiles.semiBold].map(contentOf),
  );
  await initWasm(renderer);
  return fonts;
}

/** A picture as a PNG, at twice its size for screens with small pixels. */
export async function pngOf(picture: Picture): Promise<Buffer> {
  started ??= start().catch((error) => {
    started = undefined;
    throw error;
  });
  const fontBuffers = [...(await started)];
  const drawing = new Resvg(picture.svg(), {
    fitTo: { mode: 'zoom', value: 2 },
    font: { fontBuffers, defaultFontFamily: 'Inter' },
  });
  // What the renderer holds is outside of what is collected.
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
