import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { type BundledFiles, bundled } from './bundle.ts';

export interface ServiceFunctionProps {
  readonly settings: Settings;
  /** Path in the project of the source file that exports `handler`; also the function's description. */
  readonly entry: string;
  readonly timeout: Duration;
  readonly environment?: Readonly<Record<string, string>>;
  readonly files?: BundledFiles;
}

/** The name of the service in logs and metrics. It has the stage, since stages may share an account. */
export const serviceName = (stage: string): string => `strategy-snapshots-${stage}`;

/** A Lambda function from one source file, with its own role and log. */
export class ServiceFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    const name = `${serviceName(props.settings.stage)}-${id}`;
    const logGroup = new LogGroup(scope, `${id}-log`, {
      logGroupName: `/strategy-snapshots/${props.settings.stage}/${id}`,
      retention: props.settings.log_retention_days,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    super(scope, id, {
      functionName: name,
      description: props.entry,
      code: bundled(props.entry, props.files),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // MB. CPU is proportional to memory, and cold starts are CPU-bound.
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
