import { expect, test } from 'vitest';
import { BotCallers, botsOf } from '../../../functions/access/callers.ts';

const role = 'arn:aws:iam::000000000000:role/bots';
const session = 'arn:aws:sts::000000000000:assumed-role/bots/any';

test('without the setting everyone may use all bots, and with one entry its caller only its own', () => {
  expect(botsOf({}, session)).toBeNull();
  expect(botsOf({}, undefined)).toBeNull();
  expect(botsOf({ [role]: ['mine'] }, session)).toEqual(['mine']);
  expect(botsOf({ [role]: ['mine'] }, undefined)).toEqual([]);
});

test('an entry names a bot, by an id that the contract allows', () => {
  const isValid = (bots: readonly string[]) => BotCallers.safeParse({ [role]: bots }).success;
  expect([['a'], ['a'.repeat(64)]].map(isValid)).toEqual([true, true]);
  expect([[''], ['a'.repeat(65)], []].map(isValid)).toEqual([false, false, false]);
});
