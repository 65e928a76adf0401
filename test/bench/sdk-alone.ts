import { ExecuteStatementCommand, RDSDataClient } from '@aws-sdk/client-rds-data';

/** The smallest possible function that uses the Data API; the reference for load times. */
const client = new RDSDataClient({});
export const handler = (input: ConstructorParameters<typeof ExecuteStatementCommand>[0]) =>
  client.send(new ExecuteStatementCommand(input));
