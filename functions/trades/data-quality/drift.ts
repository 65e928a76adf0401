import { changesBetween } from '../../snapshots/changes.ts';

type Json = Record<string, unknown>;

/** Finds the settings that a bot reports and that differ from its snapshot. Settings that it does not report are not compared.
 *  @example driftOf({ rsi: 1.5, roc: 1 }, { rsi: 2.5 }) // [{ path: '/rsi', snapshot: 1.5, bot: 2.5 }] */
export function driftOf(config: Json, reported: Json): { path: string; snapshot: unknown; bot: unknown }[] {
  return changesBetween(commonPart(config, reported), reported).map(({ path, before, after }) => ({
    path,
    snapshot: before,
    bot: after,
  }));
}

/** The part of a configuration whose names the other one has too. */
function commonPart(config: Json, other: Json): Json {
  return Object.fromEntries(
    Object.keys(other)
      .filter((name) => Object.hasOwn(config, name))
      .map((name) => {
        const [own, others] = [config[name], other[name]];
        return [name, isObject(own) && isObject(others) ? commonPart(own, others) : own];
      }),
  );
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
