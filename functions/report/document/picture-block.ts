import type { Picture } from '../pictures/picture.ts';
import type { Block } from './blocks.ts';

/** A picture where there is something to draw. */
export const pictureBlock = (picture: Picture | null): Block[] => (picture ? [{ type: 'picture', picture }] : []);
