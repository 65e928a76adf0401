import { endpoint, serve } from '../http/endpoint.ts';
import { getTradeLink, linkTrades } from './contract.ts';
import * as links from './trade-links.ts';

export const handler = serve([
  endpoint(linkTrades, ({ body }, { database, now }) => links.linkTrades(database, body, now())),
  endpoint(getTradeLink, ({ path, query }, { database }) => links.linkOf(database, query.bot_id, path.order_id)),
]);
