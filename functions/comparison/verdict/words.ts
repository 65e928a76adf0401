const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', signDisplay: 'negative' });
const share = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 0 });

export const usd = (value: number): string => dollars.format(value);
export const percentage = (value: number): string => share.format(value).replace('%', ' %');
export const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
