import { symbolParts } from '../../../functions/trades/symbol.ts';
import { format } from '../format.ts';

/** Payments of funding for perpetuals: the table `FundingPayment` of Hummingbot. A payment that was received is positive. */
export const hummingbotFunding = format({
  name: 'hummingbot-funding',
  what: 'funding payments of Hummingbot',
  columns: { market: ['market'], symbol: ['symbol'], rate: ['rate'], amount: ['amount'], time: ['timestamp'] },
  needs: ['market', 'symbol', 'rate', 'amount', 'time'],
  *entries({ text, instant }) {
    const symbol = text('symbol') ?? '';
    const { quote } = symbolParts(symbol);
    yield {
      kind: 'funding',
      symbol: quote === null ? symbol : `${symbol}:${quote}`,
      received: text('amount') ?? '',
      at: instant('time'),
    };
  },
});
