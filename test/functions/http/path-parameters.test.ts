import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { inputOf } from '../../../functions/http/request.ts';
import { getTradeLink } from '../../../functions/trade-links/contract.ts';
import { startService } from '../../support/service.ts';

const ids = ['100%', 'a%20b', 'a/b', 'a+b', 'a b', 'Größe', '%2F', '%25', '%', 'a?b#c', '日本', 'plain'];

/** The shapes in which gateways are known to deliver a path and its parameter. */
const shapes = {
  'both decoded, as HTTP APIs do': (id: string) => [id, id],
  'the path decoded, the parameter encoded': (id: string) => [id, encodeURIComponent(id)],
} as const;

const eventOf = (rawPath: string, order_id: string) =>
  ({
    rawPath,
    pathParameters: { order_id },
    queryStringParameters: {},
    headers: {},
  }) as unknown as APIGatewayProxyEventV2;

describe('an id in a path is decoded once', () => {
  test.each(Object.entries(shapes))('%s', (_, shape) => {
    const read = (id: string) => {
      const [raw, parameter] = shape(id);
      return inputOf(getTradeLink, eventOf(`/trade-links/${raw}`, parameter ?? ''), 'r').path.order_id;
    };
    expect(ids.map(read)).toEqual(ids);
  });

  test('and finds its record', async () => {
    const { call } = await startService();
    await call('POST /trade-links', { body: ids.map((order_id) => ({ order_id, trigger: 'x' })) });
    for (const order_id of ids)
      expect((await call('GET /trade-links/{order_id}', { path: { order_id } })).body, order_id).toMatchObject({
        order_id,
      });
  });
});
