import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach } from 'vitest';

/** Mocks a client of AWS in this test file. Every test begins without its answers and its calls. */
export const mockedClient: typeof mockClient = (client) => {
  const mock = mockClient(client);
  beforeEach(() => void mock.reset());
  afterAll(() => mock.restore());
  return mock;
};
