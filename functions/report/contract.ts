import * as z from 'zod';
import { botId, day } from '../contract/fields.ts';
import { operation } from '../contract/operation.ts';

export const getReport = operation({
  id: 'getReport',
  method: 'GET',
  path: '/report',
  capability: 'report',
  summary: 'The report as it would be mailed for a day',
  description: 'By default for the last complete trading day, and with a section for every bot.',
  input: {
    query: z.strictObject({
      bot_id: botId.unwrap().optional().meta({ description: 'Only this bot' }),
      date: day.optional(),
      format: z.enum(['html', 'text', 'json']).default('html'),
    }),
  },
  answers: { 200: { description: 'The report', mediaTypes: ['text/html', 'text/plain', 'application/json'] } },
});

export const reportOperations = [getReport];
