import { parseArgs } from 'node:util';
import { type Asked, type Command, WrongUsage } from './command.ts';
import { commands } from './commands.ts';
import { commonOptions, helpOf, overview } from './help.ts';
import { Place, placeOptions, wrongOptions } from './service/place.ts';

interface CommandLine {
  readonly command: Command;
  readonly asked: Asked;
  readonly place: Place;
}

/** @returns the help as text where that is asked for
 *  @throws WrongUsage */
export function readCommandLine([name = '--help', ...args]: readonly string[]): CommandLine | string {
  if (['--help', '-h', 'help'].includes(name)) return overview();
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new WrongUsage(`there is no command ${name}`);
  const { values, positionals } = parsed(command, args);
  if (values.help) return helpOf(name, command);
  const most = command.most ?? 0;
  if (positionals.length > most) throw new WrongUsage(`${positionals.slice(most).join(' ')} is too much for ${name}`);
  const place = Place.safeParse(values);
  if (!place.success) throw new WrongUsage(wrongOptions(place.error));
  const own = Object.entries(values).filter(([option]) => Object.hasOwn(command.options, option));
  return {
    command,
    asked: {
      bot_id: values.bot,
      options: Object.fromEntries(own) as Asked['options'],
      operands: positionals,
      json: values.json === true,
    },
    place: place.data,
  };
}

function parsed(command: Command, args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...command.options, ...commonOptions, ...placeOptions, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : String(error));
  }
}
