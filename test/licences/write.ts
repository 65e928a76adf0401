import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { licencesPage, shippedPackages } from './licences.ts';

const HELP = 'npm run licences: writes the licences of what is shipped to docs/licences.md.';
const project = fileURLToPath(new URL('../..', import.meta.url));

if (process.argv.includes('--help')) console.log(HELP);
else writeFileSync(`${project}/docs/licences.md`, licencesPage(shippedPackages(project)));
