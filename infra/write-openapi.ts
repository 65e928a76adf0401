import { writeFileSync } from 'node:fs';
import { openApiDocument } from '../functions/openapi.ts';

/** `npm run openapi`: writes the contract beside the code that it is made from. It is committed, so that a review sees a change. */
writeFileSync(new URL('../functions/openapi.json', import.meta.url), `${JSON.stringify(openApiDocument(), null, 2)}\n`);
