import { planComparison } from '../../functions/comparison/contract.ts';
import { command, sentence } from '../command.ts';
import { serviceOptions } from '../service/location.ts';

export const plan = command({
  summary: 'Show how long a test of the next change will take',
  options: {
    effect: {
      type: 'string',
      value: '<usd>',
      help: 'The improvement that you hope for, in USD per trade; default: 0.10',
    },
  },
  common: serviceOptions,
  examples: { '--effect 0.25': 'A test for $0.25 more per trade' },
  async run({ bot_id, options: { effect = '0.10' } }, { api }) {
    const { body: answer } = await api(planComparison, { query: { bot_id, effect } });
    return { answer, shown: [sentence(answer.summary)] };
  },
});
