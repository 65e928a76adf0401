import { useSyncExternalStore } from 'react';

export const views = [
  'overview',
  'compare',
  'experiments',
  'snapshots',
  'trades',
  'positions',
  'days',
  'reports',
] as const;
export type View = (typeof views)[number];
type Params = Readonly<Record<string, string | undefined>>;

/** Where the reader is. The whole state of a view is in the address, so that it can be linked; it is in the fragment, so that no log of a
 *  server ever holds it. */
export interface Route {
  readonly view: View;
  readonly params: Params;
}

/** @example routeOf('#/trades?symbol=BTC-USD') // { view: 'trades', params: { symbol: 'BTC-USD' } } */
export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const view = views.find((each) => each === path) ?? 'overview';
  const params = Object.fromEntries(
    [...new URLSearchParams(query)].filter(([name, value]) => !DAYS.includes(name) || isDay(value)),
  );
  return { view, params };
}

/** Parameters that are days; anything else in their place is left out. */
const DAYS: readonly string[] = ['day', 'date'];

const isDay = (value: string): boolean => /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));

/** The address of a view. Undefined and empty parameters are left out. */
export function hrefOf(view: View, params: Params = {}): string {
  const given = Object.entries(params).filter((each): each is [string, string] => Boolean(each[1]));
  const query = new URLSearchParams(given).toString();
  return `#/${view}${query && `?${query}`}`;
}

export function go(view: View, params?: Params): void {
  location.hash = hrefOf(view, params);
}

/** Changes parameters of the present view; undefined removes one. */
export function change(params: Params): void {
  const route = routeOf(location.hash);
  go(route.view, { ...route.params, ...params });
}

const subscribe = (onChange: () => void) => {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
};

export function useRoute(): Route {
  return routeOf(useSyncExternalStore(subscribe, () => location.hash));
}

/** The bot that the reader looks at. */
export const useBot = (): string => useRoute().params.bot ?? 'default';
