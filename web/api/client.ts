import { useQuery } from '@tanstack/react-query';
import createFetchClient from 'openapi-fetch';
import createClient from 'openapi-react-query';
import type { components, paths } from './schema.ts';

/** Bodies of the API by the names of the OpenAPI document. @example Schema['Bot'] */
export type Schema = components['schemas'];

/** Calls of the API, with types and paths of the OpenAPI document. */
export const client = createFetchClient<paths>({ baseUrl: '/_page/api' });

/** The same calls as hooks. */
export const api = createClient(client);

/** What the server of the page says of itself. */
export interface Session {
  /** Whether this page may change anything. */
  readonly write: boolean;
  readonly place: string;
}

export function useSession(): Session | undefined {
  const { data } = useQuery({
    queryKey: ['session'],
    queryFn: async (): Promise<Session> => {
      const response = await fetch('/_page/session');
      if (!response.ok) throw await response.json();
      return response.json();
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data;
}

/** Why a call failed, in a sentence: the problem that the API names, or that nothing answered. */
export function reasonOf(error: unknown): string {
  if (typeof error === 'object' && error !== null) {
    if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0)
      return error.errors.map(({ path, message }) => `${String(path).replace(/^\//, '')} ${message}`).join('; ');
    if ('detail' in error) return String(error.detail);
    if ('message' in error && !(error instanceof TypeError)) return String(error.message);
  }
  return 'the service does not answer';
}
