import * as z from 'zod';
import { eachFigure, type Figure, type FigureName, type figures } from './figures.ts';

type SchemaOf<Name extends FigureName> = (typeof figures)[Name]['nullable'] extends true
  ? z.ZodNullable<z.ZodNumber>
  : z.ZodNumber;

const value = ({ nullable }: Figure) => (nullable ? z.number().nullable() : z.number());
const description = ({ label, meaning }: Figure): string => `${label}: ${meaning}`;

/** The schemas of the figures of one strategy. */
export const figureSchemas = eachFigure((figure) => value(figure).meta({ description: description(figure) })) as {
  [Name in FigureName]: SchemaOf<Name>;
};

/** The schemas of the figures of both arms. */
export const figuresOfBoth = eachFigure((figure) =>
  z.object({ baseline: value(figure), candidate: value(figure) }).meta({ description: description(figure) }),
);
