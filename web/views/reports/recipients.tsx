import { useQueryClient } from '@tanstack/react-query';
import { recipientsOf } from '../../../functions/report/delivery/recipients-text.ts';
import { api, type Schema } from '../../api/client.ts';
import { Act } from '../../parts/dialog.tsx';
import { SetRecipients } from './set-recipients.tsx';

/** Who gets the reports of a bot, or else of all that have recipients of their own. */
export function Recipients({ bot_id }: { readonly bot_id: string | undefined }) {
  const { data } = api.useQuery('get', '/bots', { params: { query: { limit: 500 } } });
  const bots = data?.bots ?? [];
  const own = bots.filter(({ recipients }) => recipients !== null);
  // Where there is only one, it needs no choice.
  const shown = bots.length === 1 ? bots : bot_id === undefined ? own : bots.filter((bot) => bot.bot_id === bot_id);
  return (
    <ul className="recipients" aria-label="Recipients">
      {shown.map((bot) => (
        <RecipientsOf key={bot.bot_id} bot={bot} />
      ))}
      {bot_id === undefined && bots.length > 1 && (
        <li>{own.length > 0 ? 'All other bots' : 'All bots'}: one mail to the recipients of the deployment</li>
      )}
    </ul>
  );
}

function RecipientsOf({ bot }: { readonly bot: Schema['Bot'] }) {
  const queries = useQueryClient();
  return (
    <li>
      {bot.bot_id}: mailed {recipientsOf(bot)}{' '}
      <Act label="Change recipients">
        {(close) => <SetRecipients bot={bot} onClose={close} onDone={() => queries.invalidateQueries()} />}
      </Act>
    </li>
  );
}
