import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';

export interface Mail {
  readonly sender: string;
  readonly recipients: readonly string[];
  /** Who gets the answers; null: the sender. */
  readonly replyTo: string | null;
}

/**
 * Lets a function send as the sender, to anyone whom SES lets it. While the account is in the SES sandbox, the
 * recipients are verified identities too, and IAM is asked about them as well as about the sender's.
 */
export function allowMail(run: LambdaFunction, { sender, recipients, replyTo }: Mail): void {
  const stack = Stack.of(run);
  const identities = new Set([sender, ...recipients].flatMap((address) => [address, domainOf(address)]));
  run.addEnvironment('REPORT_SENDER', sender);
  run.addEnvironment('REPORT_RECIPIENTS', recipients.join(','));
  if (replyTo !== null) run.addEnvironment('REPORT_REPLY_TO', replyTo);
  run.addToRolePolicy(
    new PolicyStatement({
      actions: ['ses:SendRawEmail'],
      resources: [...identities].map((resourceName) =>
        stack.formatArn({ service: 'ses', resource: 'identity', resourceName }),
      ),
      conditions: { StringEquals: { 'ses:FromAddress': sender } },
    }),
  );
}

/** An address may be verified by its domain alone. */
function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
