import { randomBytes, timingSafeEqual } from 'node:crypto';

/** A secret that opens the page of one start of the service. */
export const newToken = (): string => randomBytes(24).toString('base64url');

/** Compares secrets in a time that does not depend on where they differ. */
export function isToken(given: string | undefined, token: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The cookie that holds the token. Cookies ignore ports, so that two services on one machine need two names. */
const cookieName = (port: number): string => `strategy_page_${port}`;

/** Readable by no script, and sent by no request of another site. */
export const tokenCookie = (token: string, port: number): string =>
  `${cookieName(port)}=${token}; HttpOnly; SameSite=Strict; Path=/`;

/** The token in a `Cookie` header. */
export function tokenIn(header: string | undefined, port: number): string | undefined {
  const prefix = `${cookieName(port)}=`;
  return header
    ?.split(';')
    .map((each) => each.trim())
    .find((each) => each.startsWith(prefix))
    ?.slice(prefix.length);
}
