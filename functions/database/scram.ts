import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

/** What PostgreSQL stores for a password (RFC 5802 and 7677, as `pg_authid` prints it): with it, the password itself is in no
 *  statement and no log. */
export function scramVerifier(password: string, salt: Buffer): string {
  const iterations = 4096;
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${hmac('Server Key').toString('base64')}`;
}
