import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { expect, onTestFinished, test } from 'vitest';
import { mockedClient } from '../../support/mocked-client.ts';
import { signedService } from '../smoke/signature.ts';
import { startImporting } from './importing.ts';

const { imported, file } = await startImporting();
const cloudFormation = mockedClient(CloudFormationClient);

test('on AWS every request is signed, and is retried while the database resumes', async () => {
  const signed: (string | null)[] = [];
  const api = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const sent = { method, url, headers, body: await text(request) };
    signed.push(signedService(sent, process.env.AWS_SECRET_ACCESS_KEY ?? ''));
    if (signed.length === 1) return response.writeHead(503, { 'retry-after': '0' }).end('{}');
    const answer =
      method === 'GET'
        ? { snapshots: [], next_cursor: null }
        : { accepted: 1, updated: 0, duplicates: 0, rejected: [], unmatched: [], warnings: [] };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await once(api, 'listening');
  onTestFinished(() => void api.close());

  const outputs = {
    ApiUrl: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
    ...{ DatabaseArn: 'arn', DatabaseName: 'it', DatabaseSecretArn: 'arn', DatabaseMasterSecretArn: 'arn' },
    ...{ DailySummaryFunction: 'it', DailySummaryFailuresUrl: 'https://sqs.example.com/it' },
  };
  cloudFormation.on(DescribeStacksCommand, { StackName: 'strategy-snapshots-test-service' }).resolves({
    Stacks: [
      {
        ...{ StackName: 'it', StackStatus: 'UPDATE_COMPLETE', CreationTime: new Date(0) },
        Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
      },
    ],
  });
  const history = 'order_id,symbol,side,price,size,time\no-1,BTC-USD,buy,100,1,2025-03-01T10:00:00Z\n';
  const { code, report } = await imported(
    ...['--stage', 'test', '--region', 'us-east-1', '--yes'],
    await file('a.csv', history),
  );
  expect(code).toBe(0);
  expect(report.sent.fills.new).toBe(1);
  expect(signed).toEqual(['execute-api', 'execute-api', 'execute-api']);
});
