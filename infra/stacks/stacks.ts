import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Settings } from '../settings.ts';
import { DataStack } from './data.ts';
import { ServiceStack } from './service.ts';

export function addStacks(app: App, settings: Settings) {
  const data = new DataStack(app, 'Data', { settings });
  const service = new ServiceStack(app, 'Service', { settings, database: data.database });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { data, service };
}
