/** A body as JSON, by POST; without one a GET. */
export const requestOf = (body?: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit =>
  body === undefined
    ? { headers }
    : { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
