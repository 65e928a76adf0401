import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { identitiesOf } from '../mail-identities.ts';

export interface Mail {
  readonly sender: string;
  readonly recipients: readonly string[];
  /** The address for replies; null: the sender. */
  readonly replyTo: string | null;
  /** The name of the configuration set of SES. */
  readonly configurationSet: string;
}

/**
 * Allows a function to send mail as the sender. While the account is in the SES sandbox, recipients are verified identities too, for
 * which IAM needs permissions as well.
 */
export function allowMail(run: LambdaFunction, { sender, recipients, replyTo, configurationSet }: Mail): void {
  const stack = Stack.of(run);
  const identities = new Set([sender, ...recipients].flatMap(identitiesOf));
  const arnOf = (resource: string, resourceName: string) => stack.formatArn({ service: 'ses', resource, resourceName });
  run.addEnvironment('REPORT_SENDER', sender);
  run.addEnvironment('REPORT_RECIPIENTS', recipients.join(','));
  run.addEnvironment('REPORT_CONFIGURATION_SET', configurationSet);
  if (replyTo !== null) run.addEnvironment('REPORT_REPLY_TO', replyTo);
  run.addToRolePolicy(
    new PolicyStatement({
      actions: ['ses:SendRawEmail'],
      resources: [
        ...[...identities].map((name) => arnOf('identity', name)),
        arnOf('configuration-set', configurationSet),
      ],
      conditions: { StringEquals: { 'ses:FromAddress': sender } },
    }),
  );
}
