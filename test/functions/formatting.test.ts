import { expect, test } from 'vitest';
import { distinguishedFrom, exactUsd, percent, usd } from '../../functions/formatting.ts';
import { minuteIn } from '../../functions/report/document/format.ts';

test('amounts are short, and only zero is shown as zero', () => {
  expect([5.18, -1234.5, 12_345.67, 999_999.6, -1e9, 0.01, 0.005, -0.0043, 1e-8, 0].map(usd)).toEqual([
    ...['$5.18', '-$1,234.50', '$12,346', '$1M', '-$1B', '$0.01', '$0.005', '-$0.0043', '$1E-8', '$0.00'],
  ]);
});

test('rounding errors of sums are shown as zero, and absent values as a dash', () => {
  expect([-1.5e-19, 1e-13, null].map(usd)).toEqual(['$0.00', '$0.00', '–']);
});

test('a value close to a limit has enough digits to show on which side it lies', () => {
  expect(distinguishedFrom(0.1, 0.0996, usd)).toBe('$0.0996');
  expect(distinguishedFrom(25, 24.97, percent)).toBe('24.97 %');
  expect(distinguishedFrom(25, 24.9, percent)).toBe('24.9 %');
  expect(distinguishedFrom(25, 25, percent)).toBe('25.0 %');
  expect(distinguishedFrom(-0.05, -0.0504, usd)).toBe('-$0.0504');
  expect(distinguishedFrom(25, null, percent)).toBe('–');
});

test('an amount set by a user is shown with all its digits', () => {
  expect([0.1, 0.125].map(exactUsd)).toEqual(['$0.10', '$0.125']);
});

test('an instant is shown in the trading time zone, with its name', () => {
  expect(minuteIn('Asia/Tokyo', '2026-11-22T20:05:00Z')).toBe('23 November 2026, 05:05 (Asia/Tokyo)');
});
