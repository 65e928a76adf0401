import { ratios } from '../ratios.ts';
import { sqlThresholds } from '../thresholds.ts';

const immutable = (name: string, parameters: string, body: string): string =>
  `CREATE OR REPLACE FUNCTION ${name}(${parameters}) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ${body} $$;\nGRANT EXECUTE ON FUNCTION ${name} TO app;\n`;

/** Thresholds and ratios as SQL functions, which the planner inlines. */
export const constantsSql: string = [
  ...Object.entries(sqlThresholds).map(([name, value]) => immutable(name, '', `${value}::numeric`)),
  ...Object.entries(ratios).map(([name, { numerator, denominator, times }]) =>
    immutable(
      name,
      `${numerator} numeric, ${denominator} numeric`,
      `${numerator}${times === 1 ? '' : ` * ${times}.0`} / nullif(${denominator}, 0)`,
    ),
  ),
].join('');
