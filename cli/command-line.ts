import { parseArgs } from 'node:util';
import type * as z from 'zod';
import type { Args, Command } from './command.ts';
import { commands } from './commands.ts';
import { UsageError } from './failure.ts';
import { helpOf, overview } from './help.ts';
import { ServiceLocation } from './service/location.ts';

export interface CommandLine {
  readonly command: Command;
  readonly args: Args;
  readonly location: ServiceLocation;
}

/** @returns the help as text where that is requested
 *  @param width of the screen, in columns
 *  @throws UsageError naming every wrong option */
export async function readCommandLine(
  [name = '--help', ...args]: readonly string[],
  width: number,
): Promise<CommandLine | string> {
  if (['--help', '-h', 'help'].includes(name)) return overview(width);
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) throw new UsageError(`unknown command ${name}`);
  const command = await load();
  try {
    const { values, positionals } = parsed(command, args);
    if (values.help) return helpOf(name, command, width);
    checkOperands(command, positionals);
    const { options, location } = checkedOptions(command, values);
    return {
      command,
      args: {
        options,
        operands: positionals,
        bot_id: values.bot as string | undefined,
        json: values.json === true,
      },
      location,
    };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function parsed({ options, common }: Command, args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...common, ...options, help: { type: 'boolean', short: 'h' } },
  });
  return { values: values as Readonly<Record<string, string | boolean | undefined>>, positionals };
}

function checkOperands({ operands }: Command, given: readonly string[]): void {
  const { usage, least = 0, most } = operands ?? { usage: '', most: 0 };
  if (given.length < least) throw new Error(`missing operand: ${usage}`);
  if (given.length > most) throw new Error(`unexpected operand: ${given.slice(most).join(' ')}`);
}

function checkedOptions(
  { options }: Command,
  values: Readonly<Record<string, string | boolean | undefined>>,
): { options: Args['options']; location: ServiceLocation } {
  const wrong: string[] = [];
  const take = (error: z.ZodError, name?: string) =>
    wrong.push(...error.issues.map(({ path, message }) => `--${name ?? path.join('.')} ${message}`));
  const checked = Object.entries(options).map(([name, { type, schema }]) => {
    const value = type === 'boolean' ? values[name] === true : values[name];
    const result = schema?.safeParse(value);
    if (result?.error) take(result.error, name);
    return [name, result ? result.data : value];
  });
  const location = ServiceLocation.safeParse(values);
  if (location.error) take(location.error);
  if (wrong.length > 0 || !location.success) throw new Error(wrong.join('\n'));
  return { options: Object.fromEntries(checked), location: location.data };
}
