import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { readSettings } from '../../infra/settings.ts';
import { addStacks } from '../../infra/stacks/stacks.ts';

const { context: featureFlags } = JSON.parse(readFileSync('cdk.json', 'utf8'));

/** Builds the app as `cdk synth` does with these settings, but without the bundles. */
export function buildStacks(settings: Readonly<Record<string, string>>) {
  const app = new App({ context: { ...featureFlags, ...settings, 'aws:cdk:bundling-stacks': [] } });
  return { app, ...addStacks(app, readSettings(settings)) };
}
