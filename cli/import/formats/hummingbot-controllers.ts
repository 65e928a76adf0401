import { format } from '../format.ts';

/** The configurations of Hummingbot's controllers at each start of the bot: its table `Controllers`. */
export const hummingbotControllers = format({
  name: 'hummingbot-controllers',
  what: 'configurations of Hummingbot’s controllers',
  columns: { row: ['controller_id'], id: ['id'], time: ['timestamp'], type: ['type'], config: ['config'] },
  needs: ['row', 'id', 'time', 'type', 'config'],
  *entries({ text, json, instant }) {
    yield { kind: 'controller', id: text('id') ?? '', config: json('config'), at: instant('time') };
  },
});
