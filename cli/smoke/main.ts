import { reasonOf } from '../service/reason.ts';
import { HELP, readOptions } from './options.ts';
import { smoke } from './smoke.ts';

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) console.log(HELP);
  else process.exitCode = (await smoke(options, (line) => console.log(line))) ? 0 : 1;
} catch (error) {
  console.error(reasonOf(error));
  process.exitCode = 1;
}
