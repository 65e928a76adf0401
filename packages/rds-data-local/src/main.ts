#!/usr/bin/env node
import { banner } from './command/banner.ts';
import { HELP, readOptions } from './command/options.ts';
import { runDataApi } from './run.ts';

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === null) console.log(HELP);
  else {
    const { url, failed, close } = await runDataApi(options);
    failed?.then(({ message }) => {
      console.error(`rds-data-local: the database has failed: ${message}`);
      process.exit(1);
    });
    let stopping = false;
    const stop = async () => {
      if (stopping) return;
      stopping = true;
      await close();
      process.exit();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    console.log(banner(options, url));
  }
} catch (error) {
  console.error(`rds-data-local: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
