import * as z from 'zod';
import { operation } from '../contract/operation.ts';

export const getHealth = operation({
  id: 'getHealth',
  method: 'GET',
  path: '/health',
  capability: 'service',
  access: 'public',
  summary: 'Whether the service answers, and its version; the database stays asleep',
  description: 'Needs no signature.',
  input: {},
  answers: { 200: { description: 'It answers', schema: z.object({ status: z.literal('ok'), version: z.string() }) } },
});

export const getDatabaseHealth = operation({
  id: 'getDatabaseHealth',
  method: 'GET',
  path: '/health/database',
  capability: 'service',
  summary: 'Whether the database answers, and what waits in it',
  description: 'It also tells of the night’s run: which day it summarised last, and what it left.',
  input: {},
  answers: {
    200: {
      description: 'It answers',
      schema: z.object({
        status: z.literal('ok'),
        time_zone: z.string(),
        last_summarised_day: z.string().nullable(),
        marked_rows: z.int().meta({ description: 'Summary rows that the next run recomputes' }),
        pending_matches: z.int().meta({ description: 'Symbols whose matching is not finished' }),
      }),
    },
  },
});

export const getOpenApi = operation({
  id: 'getOpenApi',
  method: 'GET',
  path: '/openapi.json',
  capability: 'service',
  summary: 'This contract',
  description: 'The document that you are reading.',
  input: {},
  answers: { 200: { description: 'OpenAPI 3.1', schema: z.record(z.string(), z.unknown()) } },
});

export const serviceOperations = [getHealth, getDatabaseHealth, getOpenApi];
