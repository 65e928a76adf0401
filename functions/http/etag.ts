import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** Adds an ETag to a successful read. A caller that has this version already, by its `If-None-Match`, gets a 304 without a body, so that
 *  polling moves few bytes.
 *  @see https://www.rfc-editor.org/rfc/rfc9110#name-if-none-match */
export function withEtag(
  result: APIGatewayProxyStructuredResultV2,
  { requestContext, headers }: Pick<APIGatewayProxyEventV2, 'requestContext' | 'headers'>,
): APIGatewayProxyStructuredResultV2 {
  if (requestContext.http.method !== 'GET' || result.statusCode !== 200 || result.body === undefined) return result;
  const etag = `"${createHash('sha256').update(result.body).digest('base64url').slice(0, 27)}"`;
  const known = (headers['if-none-match'] ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''));
  return known.includes(etag)
    ? { statusCode: 304, headers: { etag } }
    : { ...result, headers: { ...result.headers, etag } };
}
