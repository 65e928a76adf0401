import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { type Beside, bundled } from './bundle.ts';

export interface ServiceFunctionProps {
  readonly settings: Settings;
  /** The source file, from the top of the project, that exports `handler`. Shown as the function's description. */
  readonly entry: string;
  readonly timeout: Duration;
  readonly environment?: Readonly<Record<string, string>>;
  readonly beside?: Beside;
}

/** How logs and metrics name the service: stages share an account. */
export const serviceName = (stage: string): string => `strategy-snapshots-${stage}`;

/** A Lambda function made of one source file, with a role and a log of its own. */
export class ServiceFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    const logGroup = new LogGroup(scope, `${id}-log`, {
      retention: props.settings.log_retention_days,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    super(scope, id, {
      description: props.entry,
      code: bundled(props.entry, props.beside),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // MB. CPU comes in proportion, and a cold start is all CPU.
      memorySize: 1024,
      timeout: props.timeout,
      environment: {
        LOG_LEVEL: props.settings.log_level,
        POWERTOOLS_SERVICE_NAME: serviceName(props.settings.stage),
        NODE_OPTIONS: '--enable-source-maps',
        ...props.environment,
      },
      role: new Role(scope, `${id}-role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
      logGroup,
      ...(props.settings.reserved_concurrency === null
        ? {}
        : { reservedConcurrentExecutions: props.settings.reserved_concurrency }),
    });
    logGroup.grantWrite(this);
  }
}
