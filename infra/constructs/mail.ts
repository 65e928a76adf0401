import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';

export interface Mail {
  readonly sender: string;
  readonly recipients: readonly string[];
  /** The address for replies; null: the sender. */
  readonly replyTo: string | null;
}

/**
 * Allows a function to send mail as the sender. While the account is in the SES sandbox, recipients are verified identities too, for
 * which IAM needs permissions as well.
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

/** The domain of an address: SES may have verified only that. */
function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
