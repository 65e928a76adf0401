import fastify from 'fastify';
import { DATABASE_NAME, MASTER_SECRET_ARN, RESOURCE_ARN } from '../../../local/arns.ts';
import { stackXml } from '../smoke/aws.ts';

/** What tests can break. */
export interface Behaviour {
  /** How often RDS is asked before something that it creates, changes or deletes is ready. */
  readonly takes: number;
  /** The state of the instance when a deletion is refused once. */
  readonly busyOnce: boolean;
  /** Whether deletions fail. */
  readonly forbidsDeletion: boolean;
  /** An operation that fails. */
  readonly fails: string | null;
}

interface Cluster {
  status: string;
  waits: number;
  httpEndpoint: boolean;
  secret: 'none' | 'creating' | 'active';
  instance: { status: string; waits: number } | null;
  protected: boolean;
}

interface Settings {
  /** The Data API of the live cluster. */
  readonly live: string;
  /** Restores the backup. @returns the Data API of the copy */
  readonly restore: () => Promise<string>;
}

const SOUND: Behaviour = { takes: 2, busyOnce: false, forbidsDeletion: false, fails: null };

const arnOf = (name: string) => `arn:aws:rds:us-east-1:000000000000:cluster:${name}`;
const secretOf = (name: string) => `arn:aws:secretsmanager:us-east-1:000000000000:secret:rds!${name}-AbCdEf`;
const LIVE = RESOURCE_ARN.slice(RESOURCE_ARN.lastIndexOf(':') + 1);

/** CloudFormation, RDS and the Data API of the live cluster and of its copy, as far as the drill needs them. RDS takes its time, and answers as
 *  documented: a copy has no Data API and no secret until they are switched on, and busy things cannot be deleted. */
export async function startRds({ live, restore }: Settings) {
  let behaviour = SOUND;
  const clusters = new Map<string, Cluster>();
  const copies = new Map<string, string>();
  const calls: { readonly action: string; readonly asked: URLSearchParams }[] = [];
  const server = fastify({ forceCloseConnections: true });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  server.post('/cloudformation/', async (_request, reply) =>
    reply.type('text/xml').send(
      stackXml(
        {
          ApiUrl: 'https://api.example.com',
          DatabaseArn: RESOURCE_ARN,
          DatabaseName: DATABASE_NAME,
          DatabaseSecretArn: 'unused',
          DatabaseMasterSecretArn: MASTER_SECRET_ARN,
          DailySummaryFunction: 'unused',
          DailySummaryFailuresUrl: 'https://sqs.example.com/unused',
        },
        'UPDATE_COMPLETE',
      ),
    ),
  );

  server.post('/rds/', async (request, reply) => {
    const asked = new URLSearchParams(String(request.body));
    const action = asked.get('Action') ?? '';
    calls.push({ action, asked });
    reply.type('text/xml');
    try {
      if (action === behaviour.fails) throw new Fault('AccessDenied', `you may not ${action}`);
      const result = await (actions[action] ?? unknown(action))(asked);
      return reply.send(`<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const { code, message } = error;
      return reply
        .code(code.includes('NotFound') ? 404 : 400)
        .send(`<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`);
    }
  });

  server.post('/rds-data/:operation', async (request, reply) => {
    const { operation } = request.params as { operation: string };
    const { resourceArn, secretArn, ...body } = JSON.parse(String(request.body));
    const name = resourceArn.slice(resourceArn.lastIndexOf(':') + 1);
    const copy = clusters.get(name);
    const isReady = copy?.httpEndpoint && copy.instance?.status === 'available' && copy.secret === 'active';
    const url = resourceArn === RESOURCE_ARN ? live : isReady && secretArn === secretOf(name) && copies.get(name);
    if (!url)
      return reply
        .code(400)
        .header('x-amzn-errortype', 'HttpEndpointNotEnabledException')
        .send({ message: `HttpEndpoint is not enabled for ${resourceArn}` });
    const answer = await fetch(`${url}/${operation}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, resourceArn: RESOURCE_ARN, secretArn: MASTER_SECRET_ARN }),
    });
    const errorType = answer.headers.get('x-amzn-errortype');
    if (errorType) reply.header('x-amzn-errortype', errorType);
    return reply
      .code(answer.status)
      .type('application/json')
      .send(await answer.text());
  });

  const named = (name: string | null): Cluster => {
    const cluster = clusters.get(String(name));
    if (!cluster) throw new Fault('DBClusterNotFoundFault', `DBCluster ${name} not found.`);
    return cluster;
  };

  const actions: Readonly<Record<string, (asked: URLSearchParams) => Promise<string> | string>> = {
    DescribeDBClusters(asked) {
      const name = String(asked.get('DBClusterIdentifier'));
      if (name === RESOURCE_ARN) return `<DBClusters>${liveXml(new Date())}</DBClusters>`;
      const cluster = named(name);
      if (cluster.waits > 0) cluster.waits -= 1;
      else if (cluster.status === 'deleting') {
        clusters.delete(name);
        named(name);
      } else {
        cluster.status = 'available';
        if (cluster.secret === 'creating') cluster.secret = 'active';
      }
      return `<DBClusters>${copyXml(name, cluster)}</DBClusters>`;
    },
    DescribeDBInstances(asked) {
      const name = String(asked.get('DBInstanceIdentifier'));
      const cluster = clusters.get(name.replace(/-writer$/, ''));
      const instance = cluster?.instance;
      if (!cluster || !instance) throw new Fault('DBInstanceNotFound', `DBInstance ${name} not found.`);
      if (instance.waits > 0) instance.waits -= 1;
      else if (instance.status === 'deleting') {
        cluster.instance = null;
        throw new Fault('DBInstanceNotFound', `DBInstance ${name} not found.`);
      } else instance.status = 'available';
      return `<DBInstances><DBInstance><DBInstanceIdentifier>${name}</DBInstanceIdentifier><DBInstanceStatus>${instance.status}</DBInstanceStatus></DBInstance></DBInstances>`;
    },
    async RestoreDBClusterToPointInTime(asked) {
      const name = String(asked.get('DBClusterIdentifier'));
      if (asked.get('SourceDBClusterIdentifier') !== RESOURCE_ARN)
        throw new Fault('DBClusterNotFoundFault', 'no such source');
      copies.set(name, await restore());
      clusters.set(name, {
        status: 'creating',
        waits: behaviour.takes,
        httpEndpoint: false,
        secret: 'none',
        instance: null,
        protected: false,
      });
      return copyXml(name, named(name));
    },
    CreateDBInstance(asked) {
      named(asked.get('DBClusterIdentifier')).instance = { status: 'creating', waits: behaviour.takes };
      return '';
    },
    ModifyDBCluster(asked) {
      const cluster = named(asked.get('DBClusterIdentifier'));
      if (asked.get('ManageMasterUserPassword') === 'true')
        Object.assign(cluster, { status: 'modifying', waits: behaviour.takes, secret: 'creating' });
      if (asked.get('DeletionProtection') === 'true') cluster.protected = true;
      return '';
    },
    EnableHttpEndpoint(asked) {
      named(asked.get('ResourceArn')?.split(':').at(-1) ?? null).httpEndpoint = true;
      return '<HttpEndpointEnabled>true</HttpEndpointEnabled>';
    },
    DeleteDBInstance(asked) {
      refuseDeletion('InvalidDBInstanceState');
      const cluster = named(String(asked.get('DBInstanceIdentifier')).replace(/-writer$/, ''));
      if (!cluster.instance) throw new Fault('DBInstanceNotFound', 'gone');
      cluster.instance = { status: 'deleting', waits: behaviour.takes };
      return '';
    },
    DeleteDBCluster(asked) {
      refuseDeletion('InvalidDBClusterStateFault');
      const cluster = named(asked.get('DBClusterIdentifier'));
      if (cluster.instance && cluster.instance.status !== 'deleting')
        throw new Fault('InvalidDBClusterStateFault', 'Cluster still contains instances in non-deleting state.');
      Object.assign(cluster, { status: 'deleting', waits: behaviour.takes });
      return '';
    },
  };

  let refusals = 0;
  function refuseDeletion(code: string): void {
    if (behaviour.forbidsDeletion) throw new Fault('AccessDenied', 'you may not delete');
    if (behaviour.busyOnce && refusals++ === 0) throw new Fault(code, 'it is busy');
  }

  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    /** What was asked, but not the looks. */
    changes: () => calls.filter(({ action }) => !action.startsWith('Describe')),
    clusters,
    becomes(changes: Partial<Behaviour>): void {
      behaviour = { ...SOUND, ...changes };
      refusals = 0;
      calls.length = 0;
      clusters.clear();
    },
    close: () => server.close(),
  };
}

class Fault extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const unknown = (action: string) => () => {
  throw new Fault('InvalidAction', `no ${action}`);
};

const liveXml = (latest: Date): string =>
  `<DBCluster><DBClusterIdentifier>${LIVE}</DBClusterIdentifier><DBClusterArn>${RESOURCE_ARN}</DBClusterArn><Status>available</Status><Engine>aurora-postgresql</Engine><DBSubnetGroup>isolated</DBSubnetGroup><VpcSecurityGroups><VpcSecurityGroupMembership><VpcSecurityGroupId>sg-1</VpcSecurityGroupId></VpcSecurityGroupMembership></VpcSecurityGroups><ServerlessV2ScalingConfiguration><MinCapacity>0</MinCapacity><MaxCapacity>2</MaxCapacity></ServerlessV2ScalingConfiguration><LatestRestorableTime>${latest.toISOString()}</LatestRestorableTime></DBCluster>`;

const copyXml = (name: string, { status, httpEndpoint, secret }: Cluster): string =>
  `<DBCluster><DBClusterIdentifier>${name}</DBClusterIdentifier><DBClusterArn>${arnOf(name)}</DBClusterArn><Status>${status}</Status><Engine>aurora-postgresql</Engine><HttpEndpointEnabled>${httpEndpoint}</HttpEndpointEnabled>${
    secret === 'none'
      ? ''
      : `<MasterUserSecret><SecretArn>${secretOf(name)}</SecretArn><SecretStatus>${secret}</SecretStatus></MasterUserSecret>`
  }</DBCluster>`;
