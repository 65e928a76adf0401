import type { Block } from '../functions/report/document/blocks.ts';
import type { Api } from './service/api.ts';

/** An option of a command line, for `parseArgs` and for a person. */
export interface Option {
  readonly type: 'string' | 'boolean';
  /** What its value is called in the help. */
  readonly value?: string;
  readonly help: string;
}
type Options = Readonly<Record<string, Option>>;

/** What was given to the options of a command. */
export type Given<Of extends Options> = {
  readonly [Name in keyof Of]?: Of[Name]['type'] extends 'boolean' ? boolean : string;
};

export interface Asked<Of extends Options = Options> {
  readonly bot_id: string | undefined;
  readonly options: Given<Of>;
  /** What stands on the command line without an option's name. */
  readonly operands: readonly string[];
  readonly json: boolean;
}

/** What a command works with. */
export interface Terminal {
  readonly api: Api;
  /** In places of the screen. */
  readonly width: number;
  /** Asks a person for a yes. @throws WrongUsage when there is nobody to ask */
  readonly confirm: (blocks: readonly Block[], question: string) => Promise<boolean>;
}

export interface Result {
  /** For scripts: the service's own answer. */
  readonly answer: unknown;
  /** For people: blocks to set, or final text. */
  readonly shown: readonly Block[] | string;
}

export interface Command<Of extends Options = Options> {
  /** @example '[a] [b]' */
  readonly operands?: string;
  /** How many there may be. */
  readonly most?: number;
  readonly summary: string;
  readonly more?: string;
  readonly options: Of;
  readonly run: (asked: Asked<Of>, terminal: Terminal) => Promise<Result>;
}

/** Keeps the names and types of the options for its function. */
export const command = <const Of extends Options>(definition: Command<Of>): Command<Of> => definition;

/** The command line asks for what there is not. */
export class WrongUsage extends Error {}

/** What was asked was not done, for a reason that is no failure. */
export class NotDone extends Error {}

export const sentence = (text: string): Block => ({ type: 'text', text });
