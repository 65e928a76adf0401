export interface RequestOptions {
  /** Of a request with a body; by default POST. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A body as JSON; without one a GET. */
export const requestOf = (body?: unknown, { method = 'POST', headers = {} }: RequestOptions = {}): RequestInit =>
  body === undefined
    ? { headers }
    : { method, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
