import { Template } from 'aws-cdk-lib/assertions';
import { buildStacks } from './built-stacks.ts';

export const NOTIFY_SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:reports/channels-AbCdEf';
/** The stacks of a stage with every kind of setting. */
export const stacks = buildStacks({
  stage: 'test',
  trading_time_zone: 'Europe/Berlin',
  report_hour: '6',
  report_sender: 'bot@example.com',
  report_recipients: 'ann@example.org',
  report_reply_to: 'owner@example.com',
  notify_secret_arn: NOTIFY_SECRET,
  weekly_review: 'friday',
  alarm_email: 'ops@example.com',
  log_retention_days: '7',
});
export const data = Template.fromStack(stacks.data);
export const service = Template.fromStack(stacks.service);

/** Our own functions by their entry, which is their description; CDK's functions have none. */
export const functions = new Map(
  Object.entries(service.findResources('AWS::Lambda::Function'))
    .filter(([, { Properties }]) => Properties.Description !== undefined)
    .map(([id, { Properties, DependsOn }]) => [String(Properties.Description), { id, Properties, DependsOn }]),
);

/** The statements of the policies of a function's role. */
export function policiesOf(entry: string) {
  const role = functions.get(entry)?.Properties.Role['Fn::GetAtt'][0];
  return Object.values(service.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { readonly Ref: string }) => Ref === role))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}
