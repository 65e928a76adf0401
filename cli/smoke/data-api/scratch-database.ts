import { execute, type Login, type Send } from './send.ts';

/** Creates a database, uses it, and drops it even if that fails. */
export async function withScratchDatabase(
  { sendTo, database }: { readonly sendTo: (database: Login['database']) => Send; readonly database: string },
  use: (send: Send) => Promise<void>,
): Promise<void> {
  const [home, scratch] = [sendTo(database), `smoke_${Date.now()}`];
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
