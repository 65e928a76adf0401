import { App } from 'aws-cdk-lib';
import { readSettings, WrongSettings } from './settings.ts';
import { addStacks } from './stacks/stacks.ts';

const app = new App();
try {
  addStacks(app, readSettings(app.node.getAllContext()));
} catch (error) {
  if (!(error instanceof WrongSettings)) throw error;
  console.error(`${error.message}\n\nEvery setting is described in infra/settings.ts.`);
  process.exit(1);
}
app.synth();
