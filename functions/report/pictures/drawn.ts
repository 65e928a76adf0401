import type { Logger } from '@aws-lambda-powertools/logger';
import type { Picture } from './picture.ts';
import { pngOf } from './png.ts';

export interface Drawn {
  readonly picture: Picture;
  readonly png: Buffer;
}

/** The pictures that can be drawn. One that cannot stops no mail: its words stay, and the log says why. */
export async function drawn(pictures: readonly Picture[], logger: Logger): Promise<Drawn[]> {
  const results: Drawn[] = [];
  for (const picture of pictures) {
    try {
      results.push({ picture, png: await pngOf(picture) });
    } catch (error) {
      logger.error('picture not drawn', { picture: picture.id, error });
    }
  }
  return results;
}
