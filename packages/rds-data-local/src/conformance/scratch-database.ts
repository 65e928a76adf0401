import { execute, type Send } from './send.ts';

export type Cluster = {
  readonly sendTo: (database: string) => Send;
  /** Requests to an existing database, in which to create the new one. */
  readonly database: string;
  /** The unique name of the new database. */
  readonly scratch: string;
};

/** Creates a database, calls `use` with it, and always drops it afterwards.
 *  @throws Error when requests for the new database arrive in another: the cases drop the schema that they find */
export async function withScratchDatabase(
  { sendTo, database, scratch }: Cluster,
  use: (send: Send) => Promise<void>,
): Promise<void> {
  const home = sendTo(database);
  await execute(home, `CREATE DATABASE ${scratch}`);
  try {
    await expectToBeIn(scratch, sendTo(scratch));
    await use(sendTo(scratch));
  } finally {
    // The Data API keeps its sessions for a while.
    await execute(home, `DROP DATABASE ${scratch} WITH (FORCE)`);
  }
}

/** The cases drop the schema that they find: in another database they would destroy its data. */
async function expectToBeIn(database: string, send: Send): Promise<void> {
  const { records } = await execute(send, 'SELECT current_database()::text');
  const found = records?.[0]?.[0]?.stringValue;
  if (found !== database) throw new Error(`requests for ${database} reach ${found}`);
}
