import { changesBetween } from '../snapshots/changes.ts';

type Json = Record<string, unknown>;

/** Where the settings that a process says it trades with differ from those of its snapshot; what it does not mention is no
 *  difference. @example driftOf({ rsi: 1.5, roc: 1 }, { rsi: 2.5 }) // [{ path: '/rsi', snapshot: 1.5, bot: 2.5 }] */
export function driftOf(config: Json, stated: Json): { path: string; snapshot: unknown; bot: unknown }[] {
  return changesBetween(mentioned(config, stated), stated).map(({ path, before, after }) => ({
    path,
    snapshot: before,
    bot: after,
  }));
}

/** The part of a configuration that the other one has, too. */
function mentioned(config: Json, other: Json): Json {
  return Object.fromEntries(
    Object.keys(other)
      .filter((name) => Object.hasOwn(config, name))
      .map((name) => {
        const [own, others] = [config[name], other[name]];
        return [name, isObject(own) && isObject(others) ? mentioned(own, others) : own];
      }),
  );
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
