import type { Logger } from '@aws-lambda-powertools/logger';
import { drawn } from './drawn.ts';
import type { Picture } from './picture.ts';

/** Where a page finds its pictures: in itself. One that could not be drawn is its words. */
export async function dataUris(pictures: readonly Picture[], logger: Logger): Promise<(picture: Picture) => string> {
  const results = await drawn(pictures, logger);
  return (picture) => {
    const png = results.find((result) => result.picture === picture)?.png;
    return png ? `data:image/png;base64,${png.toString('base64')}` : 'data:,';
  };
}
