/** A body as JSON, by POST; without one a GET. */
export const requestOf = (body?: unknown): RequestInit =>
  body === undefined
    ? {}
    : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
