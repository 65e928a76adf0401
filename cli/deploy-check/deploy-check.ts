import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { App } from 'aws-cdk-lib';
import { ServiceFunction } from '../../infra/constructs/function.ts';
import { readSettings, type Settings } from '../../infra/settings.ts';
import { addStacks } from '../../infra/stacks/stacks.ts';
import { openChecklist } from '../smoke/checklist.ts';
import { checkBootstrap, stackStatus } from './bootstrap.ts';
import { checkMail } from './mail.ts';
import { checkQuotas } from './quotas.ts';
import { checkRegion } from './region.ts';
import { checkResources } from './resources.ts';

export interface DeployCheck {
  /** The CDK context: cdk.json, with the stage. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly region: string | undefined;
}

/** Checks whether the account and the region have what a deployment needs. It changes nothing. @returns how many checks failed */
export async function runDeployCheck({ context, region }: DeployCheck, print: (line: string) => void): Promise<number> {
  const checklist = openChecklist({ print });
  const settings = await checklist.check('the settings are right', async () => readSettings(context));
  if (settings === null) return checklist.failed();
  const cloudFormation = new CloudFormationClient({ region });
  await checkBootstrap(checklist, cloudFormation);
  await checkRegion(checklist, region);
  await checkMail(checklist, settings, region);
  const isNew = (await stackStatus(cloudFormation, `strategy-snapshots-${settings.stage}-data`)) === null;
  await checkQuotas(checklist, { region, isNew, reserved: reservedBy(settings, context) });
  await checkResources(checklist, settings, region);
  if (settings.alarm_email === null)
    checklist.skip('somebody is notified of alarms', 'they are only in the console until you set alarm_email');
  return checklist.failed();
}

/** Concurrent executions that the functions reserve: null when none does. */
function reservedBy(settings: Settings, context: DeployCheck['context']): number | null {
  if (settings.reserved_concurrency === null) return null;
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  const { service } = addStacks(app, settings);
  const functions = service.node.findAll().filter((each) => each instanceof ServiceFunction);
  return functions.length * settings.reserved_concurrency;
}
