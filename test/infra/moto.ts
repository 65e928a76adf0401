import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** moto's server on a free port, with nothing in it. */
export async function startMoto(python: string): Promise<{ url: string; stop: () => void }> {
  const server = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stop = () => server.kill();
  for await (const line of createInterface({ input: server.stderr })) {
    const [, port] = / \* Running on http:\/\/127\.0\.0\.1:(\d+)/.exec(line) ?? [];
    if (port === undefined) continue;
    server.stderr.resume();
    // moto reads the bucket of a template from the path only where the host is localhost.
    return { url: `http://localhost:${port}`, stop };
  }
  throw new Error('moto ended before it was ready');
}

type Template = Readonly<Record<string, unknown>> & { readonly Resources: Readonly<Record<string, { Type: string }>> };

/** What stands for values of the cluster, which moto’s CloudFormation cannot create. */
const CLUSTER = 'arn:aws:rds:us-east-1:123456789012:cluster:moto';
const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:moto-AbCdEf';

/** Takes out of a synthesised template what moto does not know: the database, what refers to it, the run of the
 *  migrator, and outputs of another stack. */
export async function fitForMoto(directory: string, stack: string): Promise<void> {
  const path = join(directory, `${stack}.template.json`);
  const template = JSON.parse(await readFile(path, 'utf8')) as Template;
  const unknown = Object.entries(template.Resources).flatMap(([id, { Type }]) =>
    /^(AWS::RDS|Custom)::/.test(Type) ? [id] : [],
  );
  await writeFile(path, JSON.stringify(without(unknown, template)));
}

function without(unknown: readonly string[], value: unknown): unknown {
  if (Array.isArray(value))
    return value.filter((each) => !unknown.includes(each)).map((each) => without(unknown, each));
  if (typeof value !== 'object' || value === null) return value;
  const output = Reflect.get(value, 'Fn::GetStackOutput');
  if (output) return String(output.OutputName).includes('Secret') ? SECRET : CLUSTER;
  const referred = Reflect.get(value, 'Ref') ?? Reflect.get(value, 'Fn::GetAtt')?.[0];
  if (unknown.includes(referred)) return CLUSTER;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => (unknown.includes(name) ? [] : [[name, without(unknown, each)]])),
  );
}
