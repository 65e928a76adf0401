import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { FastifyRequest } from 'fastify';

type Request = Pick<FastifyRequest, 'url' | 'method' | 'headers' | 'body' | 'host' | 'ip'>;

/** A request as API Gateway passes it to a function (HTTP API, payload version 2.0): names of headers in lower case, repeated
 *  query values joined by commas, the path and its parameters decoded, a body that is not text in base64.
 *  @throws URIError when the path is not correctly percent-encoded */
export function apiGatewayEvent(request: Request, routeKey: string): APIGatewayProxyEventV2 {
  // Appended, since a path may begin with two slashes; a proxy's request has a whole URL instead of a path.
  const url = new URL(`http://localhost${request.url.startsWith('/') ? request.url : '/'}`);
  const body = Buffer.isBuffer(request.body) ? request.body : undefined;
  const isText = body?.equals(Buffer.from(body.toString('utf8'))) ?? false;
  const query: Record<string, string> = {};
  for (const [name, value] of url.searchParams) query[name] = name in query ? `${query[name]},${value}` : value;
  return {
    version: '2.0',
    routeKey,
    rawPath: decodeURIComponent(url.pathname),
    rawQueryString: url.search.slice(1),
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    pathParameters: pathParameters(routeKey, url.pathname),
    queryStringParameters: query,
    ...(body ? { body: isText ? body.toString('utf8') : body.toString('base64') } : {}),
    isBase64Encoded: body !== undefined && !isText,
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: request.host,
      domainPrefix: 'local',
      http: {
        method: request.method,
        path: url.pathname,
        protocol: 'HTTP/1.1',
        sourceIp: request.ip,
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey,
      stage: '$default',
      time: new Date().toISOString(),
      timeEpoch: Date.now(),
    },
  };
}

function pathParameters(routeKey: string, path: string): Record<string, string> {
  const sent = path.split('/');
  const names = (routeKey.split(' ')[1] ?? '').split('/');
  return Object.fromEntries(
    names.flatMap((name, i) => (name.startsWith('{') ? [[name.slice(1, -1), decodeURIComponent(sent[i] ?? '')]] : [])),
  );
}
