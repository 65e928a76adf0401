import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { DATABASE_NAME, RESOURCE_ARN } from '../../../local/arns.ts';
import { signedService } from './signature.ts';

export const SECRET_ACCESS_KEY = 'smoke-secret';
export const SESSION_TOKEN = 'smoke-session';
export const STACK = 'strategy-snapshots-dev-service';

/** The state of the deployment, which tests can break. */
export interface Deployment {
  readonly stackStatus: string;
  /** Whether reports are mailed. */
  readonly reports: boolean;
  readonly letsUnsignedIn: boolean;
  /** Loses records, but responds as if they were stored. */
  readonly losesFills: boolean;
  /** Number of runs in the failure queue. */
  readonly givenUp: number;
  readonly summaryFails: boolean;
  /** Number of requests during which the database is paused. */
  readonly asleepFor: number;
  /** Sends every request of the Data API to one database. */
  readonly ignoresDatabase: boolean;
}

export const SOUND: Deployment = {
  stackStatus: 'UPDATE_COMPLETE',
  reports: true,
  letsUnsignedIn: false,
  losesFills: false,
  givenUp: 0,
  summaryFails: false,
  asleepFor: 0,
  ignoresDatabase: false,
};

interface Behind {
  /** The local service. */
  readonly service: string;
  /** The Data API of the service's cluster. */
  readonly dataApi: string;
}

/** CloudFormation, Lambda, SQS, the Data API and API Gateway in front of the local service, as far as the smoke test needs them.
 *  Every request must be signed for its service. */
export async function startAws({ service, dataApi }: Behind) {
  let deployment = SOUND;
  let asleepFor = 0;
  const server = fastify({ forceCloseConnections: true });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  server.addHook('preHandler', async (request, reply) => {
    const wanted = request.url.split('/')[1] ?? '';
    if (wanted === 'execute-api' && (deployment.letsUnsignedIn || request.url === '/execute-api/health')) return;
    const isSession = request.headers['x-amz-security-token'] === SESSION_TOKEN;
    if (isSession && signedService(sent(request), SECRET_ACCESS_KEY) === wanted) return;
    return reply.code(403).send({ message: 'Forbidden' });
  });

  server.post('/cloudformation/', async (request, reply) => {
    const asked = new URLSearchParams(String(request.body));
    const name = asked.get('StackName');
    if (asked.get('Action') !== 'DescribeStacks') return reply.code(400).send();
    reply.type('text/xml');
    return name === STACK ? stackXml(outputs(), deployment.stackStatus) : reply.code(400).send(noStackXml(name));
  });

  server.post('/lambda/2015-03-31/functions/:name/invocations', async (request, reply) => {
    const { name } = request.params as { name: string };
    const { schedule, at } = JSON.parse(String(request.body)) as { schedule: string; at: string };
    if (name !== `${schedule}-function`) return reply.code(404).send({ Message: 'Function not found' });
    if (schedule === 'daily-summary' && deployment.summaryFails) {
      return reply.header('x-amz-function-error', 'Unhandled').send({ errorMessage: 'not finished' });
    }
    const fired = await fetch(`${service}/_local/schedules/${schedule}?at=${at}`, { method: 'POST' });
    return reply.type('application/json').send(await fired.text());
  });

  server.post('/sqs/', async (request, reply) => {
    const { QueueUrl } = JSON.parse(String(request.body)) as { QueueUrl: string };
    if (request.headers['x-amz-target'] !== 'AmazonSQS.GetQueueAttributes') return reply.code(400).send();
    const waiting = QueueUrl.endsWith('/daily-summary') ? deployment.givenUp : 0;
    return reply.type('application/x-amz-json-1.0').send({ Attributes: { ApproximateNumberOfMessages: `${waiting}` } });
  });

  server.post('/rds-data/:operation', async (request, reply) => {
    const { operation } = request.params as { operation: string };
    const body = JSON.parse(String(request.body)) as object;
    const arriving = deployment.ignoresDatabase ? { ...body, database: DATABASE_NAME } : body;
    return pass({ ...sent(request), body: JSON.stringify(arriving) }, reply, `${dataApi}/${operation}`);
  });

  server.all('/execute-api/*', async (request, reply) => {
    const path = request.url.slice('/execute-api'.length);
    if (path.startsWith('/health/database') && asleepFor-- > 0) {
      return reply.code(503).header('retry-after', '0').send({ title: 'the database resumes' });
    }
    if (path.startsWith('/fills') && deployment.losesFills) {
      return reply
        .type('application/json')
        .send({ accepted: 2, updated: 0, duplicates: 0, rejected: [], unmatched: [], warnings: [] });
    }
    return pass(sent(request), reply, `${service}${path}`);
  });

  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  function outputs(): Readonly<Record<string, string>> {
    const ofSchedule = (prefix: string, name: string) => ({
      [`${prefix}Function`]: `${name}-function`,
      [`${prefix}FailuresUrl`]: `https://sqs.us-east-1.amazonaws.com/000000000000/${name}`,
    });
    return {
      ApiUrl: `${url}/execute-api`,
      DatabaseArn: RESOURCE_ARN,
      DatabaseName: DATABASE_NAME,
      DatabaseSecretArn: 'unused',
      DatabaseMasterSecretArn: 'unused',
      ...ofSchedule('DailySummary', 'daily-summary'),
      NightlyBotsFailuresUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/nightly-bots',
      ...(deployment.reports
        ? {
            ...ofSchedule('DailyReport', 'daily-report'),
            ...ofSchedule('BotReports', 'bot-reports'),
            MailingsFailuresUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/mailings',
          }
        : {}),
    };
  }
  return {
    url,
    becomes(changes: Partial<Deployment>): void {
      deployment = { ...SOUND, ...changes };
      asleepFor = deployment.asleepFor;
    },
    close: () => server.close(),
  };
}

const sent = ({ method, url, headers, body }: FastifyRequest) => ({ method, url, headers, body: String(body ?? '') });

async function pass({ method, headers, body }: ReturnType<typeof sent>, reply: FastifyReply, url: string) {
  const response = await fetch(url, {
    method,
    ...(body ? { body: String(body), headers: { 'content-type': String(headers['content-type']) } } : {}),
  });
  for (const name of ['content-type', 'x-amzn-errortype']) {
    const value = response.headers.get(name);
    if (value) reply.header(name, value);
  }
  return reply.code(response.status).send(await response.text());
}

export function stackXml(outputs: Readonly<Record<string, string>>, status: string): string {
  const members = Object.entries(outputs).map(
    ([name, value]) => `<member><OutputKey>${name}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>${STACK}</StackName><StackStatus>${status}</StackStatus><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}

function noStackXml(name: string | null): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error></ErrorResponse>`;
}
