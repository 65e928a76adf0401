import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

/** Computes the SCRAM verifier that PostgreSQL stores for a password (RFC 5802 and 7677, in the format of `pg_authid`). It keeps the
 *  password itself out of statements and logs. */
export function scramVerifier(password: string, salt: Buffer): string {
  const iterations = 4096;
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${hmac('Server Key').toString('base64')}`;
}
