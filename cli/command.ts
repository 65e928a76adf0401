import type * as z from 'zod';
import type { Block } from '../functions/report/document/blocks.ts';
import type { Api } from './service/api.ts';
import type { ServiceLocation } from './service/location.ts';
import type { Terminal } from './terminal.ts';

export interface Option {
  readonly type: 'string' | 'boolean';
  /** The name of its value in the help. @example '<day>' */
  readonly value?: string;
  readonly help: string;
  /** Checks and converts its value; without one any text is accepted. */
  readonly schema?: z.ZodType;
}
export type Options = Readonly<Record<string, Option>>;

/** The values of a command's options. */
export type ValuesOf<Of extends Options> = {
  readonly [Name in keyof Of]: Of[Name] extends { readonly schema: infer Schema extends z.ZodType }
    ? z.output<Schema>
    : Of[Name]['type'] extends 'boolean'
      ? boolean
      : string | undefined;
};

/** The parsed command line. */
export interface Args<Of extends Options = Options> {
  readonly options: ValuesOf<Of>;
  readonly operands: readonly string[];
  readonly bot_id: string | undefined;
  readonly json: boolean;
}

/** What a command uses. */
export interface Context extends Terminal {
  readonly location: ServiceLocation;
  /** Checks each request against the contract before it sends it. @throws UsageError */
  readonly api: Api;
}

export interface Result {
  /** What `--json` prints. */
  readonly answer: unknown;
  /** What is printed otherwise: blocks to lay out, or final text. */
  readonly shown: readonly Block[] | string;
  /** Why the exit code is 1 although there is a result. */
  readonly failure?: string | undefined;
}

export interface Command<Of extends Options = Options> {
  /** An imperative sentence without its period. */
  readonly summary: string;
  readonly operands?: { readonly usage: string; readonly least?: number; readonly most: number };
  readonly description?: string;
  readonly options: Of;
  /** Options that it shares with other commands. */
  readonly common?: Options;
  /** Environment variables that it reads, each with its meaning. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Arguments after the command's name, each with what they do. */
  readonly examples?: Readonly<Record<string, string>>;
  /** @returns nothing when it has printed everything itself */
  run(args: Args<Of>, context: Context): Promise<Result | undefined>;
}

/** Infers the names and types of the options for `run`. */
export const command = <const Of extends Options>(definition: Command<Of>): Command<Of> => definition;

export const sentence = (text: string): Block => ({ type: 'text', text });
