import * as z from 'zod';
import { operation } from '../contract/operation.ts';

export const getHealth = operation({
  id: 'getHealth',
  method: 'GET',
  path: '/health',
  capability: 'service',
  access: 'public',
  summary: 'Check the service and its version, without waking the database',
  description: 'Needs no signature.',
  input: {},
  answers: {
    200: { description: 'The service is up', schema: z.object({ status: z.literal('ok'), version: z.string() }) },
  },
});

export const getDatabaseHealth = operation({
  id: 'getDatabaseHealth',
  method: 'GET',
  path: '/health/database',
  capability: 'service',
  summary: 'Check the database and its pending work',
  description: 'Includes the last day summarized by the nightly run, and the work that is still pending.',
  input: {},
  answers: {
    200: {
      description: 'The database is up',
      schema: z.object({
        status: z.literal('ok'),
        time_zone: z.string(),
        last_summarised_day: z.string().nullable(),
        marked_rows: z.int().meta({ description: 'Summary rows that the next run recomputes' }),
        pending_matches: z.int().meta({ description: 'Symbols with unfinished matching' }),
      }),
    },
  },
});

export const getOpenApi = operation({
  id: 'getOpenApi',
  method: 'GET',
  path: '/openapi.json',
  capability: 'service',
  summary: 'Get the OpenAPI document',
  description: 'This document.',
  input: {},
  answers: { 200: { description: 'OpenAPI 3.1', schema: z.record(z.string(), z.unknown()) } },
});

export const serviceOperations = [getHealth, getDatabaseHealth, getOpenApi];
