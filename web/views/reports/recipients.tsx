import { useQueryClient } from '@tanstack/react-query';
import { recipientsText } from '../../../functions/report/delivery/recipients-text.ts';
import { plain } from '../../../functions/report/document/plain.ts';
import { api, type Schema } from '../../api/client.ts';
import { Act } from '../../parts/dialog.tsx';
import { Answered } from '../../parts/panel.tsx';
import { SetRecipients } from './set-recipients.tsx';

/** Who gets the reports of a bot, or else of all that have recipients of their own. */
export function Recipients({ bot_id }: { readonly bot_id: string | undefined }) {
  const answer = api.useQuery('get', '/bots', { params: { query: { limit: 500 } } });
  return (
    <Answered of={answer}>
      {({ bots, next_cursor }) => {
        const own = bots.filter(({ recipients }) => recipients !== null);
        // Where there is only one, it needs no choice.
        const shown =
          bots.length === 1 ? bots : bot_id === undefined ? own : bots.filter((bot) => bot.bot_id === bot_id);
        return (
          <ul className="recipients" aria-label="Recipients">
            {shown.map((bot) => (
              <RecipientsOf key={bot.bot_id} bot={bot} />
            ))}
            {bot_id === undefined && bots.length > 1 && (
              <li>
                {next_cursor !== null
                  ? 'Choose a bot to see the recipients of its reports'
                  : `${own.length > 0 ? 'All other bots' : 'All bots'}: one report to the recipients of the deployment. Choose a bot to change that`}
              </li>
            )}
          </ul>
        );
      }}
    </Answered>
  );
}

function RecipientsOf({ bot }: { readonly bot: Schema['Bot'] }) {
  const queries = useQueryClient();
  const name = plain(bot.bot_id, 64);
  return (
    <li>
      Reports of {name} go {recipientsText(bot)}{' '}
      <Act label={`Change recipients of ${name}`}>
        {(close) => <SetRecipients bot={bot} onClose={close} onDone={() => queries.invalidateQueries()} />}
      </Act>
    </li>
  );
}
