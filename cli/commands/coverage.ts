import { count, counted } from '../../functions/formatting.ts';
import { feeSentence, linkRateSentence, sourcesTable } from '../../functions/report/document/data-quality.ts';
import { driftBlocks } from '../../functions/report/document/headline.ts';
import { getCoverage } from '../../functions/trades/data-quality/contract.ts';
import { command, sentence } from '../command.ts';
import { serviceOptions } from '../service/location.ts';

export const coverage = command({
  summary: 'Show how many of the recent orders are linked to a snapshot',
  options: { hours: { type: 'string', value: '<n>', help: 'Hours to look back, at most 8784; default: 24' } },
  common: serviceOptions,
  examples: { '--hours 1': 'After a restart of the bot: does it link its orders?' },
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
