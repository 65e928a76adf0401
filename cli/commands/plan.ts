import { planComparison } from '../../functions/comparison/contract.ts';
import { command, sentence } from '../command.ts';

export const plan = command({
  summary: 'how long a test of the next change will take',
  options: { effect: { type: 'string', value: '<usd>', help: 'that you hope for, in USD per trade; 0.10 by default' } },
  async run({ bot_id, options: { effect = '0.10' } }, { api }) {
    const { body: answer } = await api(planComparison, { query: { bot_id, effect } });
    return { answer, shown: [sentence(answer.summary)] };
  },
});
