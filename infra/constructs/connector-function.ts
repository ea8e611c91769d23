import { join } from 'node:path';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type Conditions, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  LoggingFormat,
  type RecursiveLoop,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';

const PROJECT_ROOT = join(import.meta.dirname, '..', '..');

export interface ConnectorFunctionProps {
  readonly config: StageConfig;
  /** The folder below functions/ whose handler.ts exports `handler`; also the service's name in logs and metrics. */
  readonly service: string;
  readonly description: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly recursiveLoop?: RecursiveLoop;
}

/** A resource that a function works with. */
export interface Binding {
  /** The variables by which the function finds the resource. */
  readonly environment: Readonly<Record<string, string>>;
  /** All that the function may do with it, action by action. */
  readonly actions: readonly string[];
  readonly resourceArn: string;
  /** Where the resource is more than the function may use. */
  readonly conditions?: Conditions;
}

/**
 * Stack traces that name the lines of the sources, and a heap of half the memory: the other half is for what lies beside
 * it (response bodies, compressors, TLS). Measured with pages of 1,000 threats: 250 MB instead of 480 MB, no slower.
 */
function nodeOptions(memoryMb: number): string {
  return `--enable-source-maps --max-old-space-size=${Math.floor(memoryMb / 2)} --max-semi-space-size=4`;
}

/** A Lambda function with this project's defaults, a role of its own and no permission but to write its own log. */
export class ConnectorFunction extends Construct {
  readonly lambda: NodejsFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: ConnectorFunctionProps) {
    super(scope, id);
    const { config, service } = props;
    const logGroup = new LogGroup(this, 'Log', {
      retention: config.logRetentionDays,
      removalPolicy: config.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    // Without a role of ours the CDK would attach the managed basic-execution policy, which covers every log group.
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);

    this.lambda = new NodejsFunction(this, 'Function', {
      description: props.description,
      entry: join(PROJECT_ROOT, 'functions', service, 'handler.ts'),
      handler: 'handler',
      projectRoot: PROJECT_ROOT,
      depsLockFilePath: join(PROJECT_ROOT, 'package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel[config.logLevel],
      ...(props.recursiveLoop === undefined ? {} : { recursiveLoop: props.recursiveLoop }),
      environment: {
        LOG_LEVEL: config.logLevel,
        POWERTOOLS_SERVICE_NAME: service,
        POWERTOOLS_METRICS_NAMESPACE: 'SentinelLake',
        NODE_OPTIONS: nodeOptions(props.memoryMb),
      },
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        mainFields: ['module', 'main'],
        minify: true,
        sourceMap: true,
        sourcesContent: false,
        // The runtime's own SDK changes without us, and loading it from disk is slower than one bundled file.
        bundleAwsSDK: true,
        // A CommonJS dependency that requires one of Node's own modules would otherwise fail when it is first used.
        banner: `import{createRequire as bundleRequire}from'node:module';const require=bundleRequire(import.meta.url);`,
      },
    });

    Validations.of(this.lambda).acknowledge({
      id: 'Serverless-LambdaTracing',
      reason:
        'X-Ray can only be granted on every resource, and would be the only such grant of these roles. A slice logs ' +
        'its stream, outcome and duration instead.',
    });
  }

  /** Lets the function find a resource and use it: one call, so neither is ever there without the other. */
  bind({ environment, actions, resourceArn, conditions = {} }: Binding): this {
    this.addEnvironment(environment);
    this.role.addToPolicy(
      new PolicyStatement({ actions: [...actions], resources: [resourceArn], conditions }),
    );
    return this;
  }

  /** Settings that need no permission. */
  addEnvironment(environment: Readonly<Record<string, string>>): this {
    for (const [name, value] of Object.entries(environment)) this.lambda.addEnvironment(name, value);
    return this;
  }
}
