// Moves the clock of the service, but not that of its database, by the milliseconds in the file MOVED_CLOCK, which may change at any time.
import { readFileSync } from 'node:fs';
import { ServerResponse } from 'node:http';

if (process.argv[1]?.endsWith('main.ts')) {
  const RealDate = Date;
  const read = () => Number(readFileSync(process.env.MOVED_CLOCK, 'utf8'));
  let moved = read();
  setInterval(() => {
    moved = read();
  }, 10).unref();

  globalThis.Date = class extends RealDate {
    constructor(...parts) {
      if (parts.length === 0) super(RealDate.now() + moved);
      else super(...parts);
    }
    static now() {
      return RealDate.now() + moved;
    }
  };

  // Node.js makes this header with its own clock.
  const { writeHead } = ServerResponse.prototype;
  ServerResponse.prototype.writeHead = function (...parts) {
    this.setHeader('Date', new Date().toUTCString());
    return writeHead.apply(this, parts);
  };
}
