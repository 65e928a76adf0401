import { unblockRecipient } from '../../functions/report/contract.ts';
import { command, sentence } from '../command.ts';
import { locationOptions } from '../service/location.ts';

export const unblock = command({
  summary: 'Mail reports again to an address that bounced or complained',
  operands: { usage: '<address>', least: 1, most: 1 },
  description:
    'Also for an address that you have removed from the recipients: reports then stop mentioning it. SES keeps a list of its own for the account, from which you remove an address that works again: aws sesv2 delete-suppressed-destination --email-address <address>',
  options: {},
  common: locationOptions,
  examples: { 'ann@example.org --stage dev': 'The address works again' },
  async run({ operands: [address = ''] }, { api }) {
    const { body: answer } = await api(unblockRecipient, { body: { address } });
    const shown = answer.unblocked ? `Reports are mailed to ${address} again.` : `${address} was not blocked.`;
    return { answer, shown: [sentence(shown)] };
  },
});
