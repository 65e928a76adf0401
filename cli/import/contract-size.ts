import { product, quotient } from './decimal.ts';
import { asText, type Cells, type Row } from './format.ts';

/** The names that exchanges give to the size of a contract. */
const NAMES = ['contractSize', 'contract_size', 'ctVal', 'contractVal', 'multiplier'];

/** Largest relative error of an exchange's rounded `cost`. */
const ROUNDING = 0.01;
/** The same for sizes other than a power of ten, which rounding could pretend. */
const EXACT = 0.0001;

/** The size of a contract in the base coin, as stated, or as the ratio of the cost to price × amount. Null when neither is there. */
export function contractSizeOf(
  { text, json }: Cells<'contract_size' | 'info' | 'cost'>,
  { price, amount }: { price: string | null; amount: string | null },
): string | null {
  const info = json('info');
  const named = typeof info === 'object' && info !== null ? NAMES.map((name) => asText((info as Row)[name])) : [];
  const stated = [text('contract_size'), ...named].find((size) => Number(size) > 0);
  if (stated) return product(stated);
  const ratio = Number(quotient(text('cost'), product(price, amount)));
  return ratio > 0 ? plausible(ratio) : null;
}

/** The size that a ratio with a rounded cost stands for. @example plausible(0.0099987) // '0.01' */
function plausible(ratio: number): string | null {
  const power = 10 ** Math.round(Math.log10(ratio));
  if (Math.abs(ratio / power - 1) < ROUNDING) return product(power.toPrecision(1));
  const digits = ratio.toPrecision(2);
  return Math.abs(ratio / Number(digits) - 1) < EXACT ? product(digits) : null;
}
