import type { Fill } from '../../functions/trades/contract.ts';

/** A fill of a bot, and the link of its order where the records have the reason. */
export interface Execution {
  readonly fill: Omit<Fill, 'bot_id'>;
  readonly link: Readonly<Record<string, unknown>> | null;
}

/** The settings of a period, as far as a bot's records have them. */
export interface KnownSettings {
  readonly config: Readonly<Record<string, unknown>>;
  readonly notes: string;
  readonly active_from: string;
}

/** Everything that a bot's records have at one time. */
export interface Reading {
  /** The bot's name, which its ids begin with. */
  readonly name: string;
  readonly executions: readonly Execution[];
  /** What cannot be read, by the place where it is. */
  readonly unreadable: readonly { readonly place: string; readonly reason: string }[];
  /** Oldest first. */
  readonly settings: readonly KnownSettings[];
  /** The settings that are active now, where the records have them. */
  readonly current: Omit<KnownSettings, 'active_from'> | null;
}

/** A bot's own records. */
export interface Source {
  /** @param isFirst whether everything is needed; afterwards the latest trades suffice where all would be many requests
   *  @throws Error when they cannot be read */
  readonly read: (isFirst: boolean, onTrades: (trades: number) => void) => Promise<Reading>;
}
