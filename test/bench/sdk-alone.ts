import { ExecuteStatementCommand, RDSDataClient } from '@aws-sdk/client-rds-data';

/** The least that a function over the Data API can be: what the others' loading is held against. */
const client = new RDSDataClient({});
export const handler = (input: ConstructorParameters<typeof ExecuteStatementCommand>[0]) =>
  client.send(new ExecuteStatementCommand(input));
