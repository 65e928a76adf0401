import { count, counted } from '../../functions/formatting.ts';
import { feeSentence, linkRateSentence, sourcesTable } from '../../functions/report/document/data-quality.ts';
import { driftBlocks } from '../../functions/report/document/headline.ts';
import { getCoverage } from '../../functions/trades/contract.ts';
import { command, sentence } from '../command.ts';

export const coverage = command({
  summary: 'how many of the orders filled lately are linked',
  options: { hours: { type: 'string', value: '<n>', help: 'of the last so many hours; 24 by default, at most 8784' } },
  async run({ bot_id, options: { hours = '24' } }, { api }) {
    const { body: answer } = await api(getCoverage, { query: { bot_id, hours } });
    return {
      answer,
      shown: [
        sentence(`Orders filled in the last ${counted(Number(hours), 'hour')}: ${count(answer.orders)}.`),
        ...sourcesTable(answer),
        { type: 'list', items: [linkRateSentence(answer), feeSentence(answer)] },
        ...driftBlocks(answer.drift),
      ],
    };
  },
});
