import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  AuthorizationType,
  CfnRestApi,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type StageConfig, secretPrefix } from '../config.ts';
import type { ActionQueue } from './action-queue.ts';
import { ConnectorFunction } from './connector-function.ts';
import { anyConnectorSecret, connectorSecretsArn } from './connector-secrets.ts';
import type { DataLake } from './data-lake.ts';
import { addGatewayProblems } from './gateway-problems.ts';
import { bindResponseActions } from './response-actions.ts';
import type { StateTable } from './state-table.ts';
import type { WorkQueue } from './work-queue.ts';

export interface ControlApiProps {
  readonly config: StageConfig;
  readonly lake: DataLake;
  readonly state: StateTable;
  readonly work: WorkQueue;
  readonly actions: ActionQueue;
}

/** The control API: HTTPS for operators and playbooks. Who may do what is decided in the function, route by route. */
export class ControlApi extends Construct {
  readonly api: RestApi;
  readonly function: ConnectorFunction;

  constructor(scope: Construct, id: string, { config, lake, state, work, actions }: ControlApiProps) {
    super(scope, id);
    const { api: settings } = config;
    this.function = new ConnectorFunction(this, 'Handler', {
      config,
      service: 'api',
      description: 'Answers the calls of the control API',
      memoryMb: settings.memoryMb,
      timeoutSeconds: settings.timeoutSeconds,
    });
    this.function
      .addEnvironment({
        DUE_SHARDS: String(config.dueShards),
        CLAIM_SECONDS: String(config.claimSeconds),
        CONSOLE_HOST_SUFFIXES: config.consoleHostSuffixes.join(','),
        REQUESTS_PER_MINUTE: String(settings.requestsPerMinute),
        ACCESS: JSON.stringify({ jwt: settings.jwt, iam: settings.iam }),
      })
      .bind({
        environment: { STATE_TABLE: state.table.tableName },
        actions: [
          'dynamodb:DeleteItem',
          'dynamodb:GetItem',
          'dynamodb:PutItem',
          'dynamodb:Query',
          'dynamodb:UpdateItem',
        ],
        resourceArn: state.table.tableArn,
      })
      .bind({
        environment: { QUEUE_URL: work.queue.queueUrl },
        actions: ['sqs:SendMessage'],
        resourceArn: work.queue.queueArn,
      })
      .bind({
        environment: { LAKE_BUCKET: lake.bucket.bucketName },
        actions: ['s3:PutObject'],
        resourceArn: lake.auditObjectsArn,
      })
      // A filter is tried on what a tenant's last hour has brought.
      .bind({ environment: {}, actions: ['s3:GetObject'], resourceArn: lake.landingObjectsArn })
      .bind({
        environment: {},
        actions: ['s3:ListBucket'],
        resourceArn: lake.bucket.bucketArn,
        conditions: lake.landingOnly,
      })
      .bind({
        environment: { SECRET_PREFIX: secretPrefix(config) },
        actions: [
          'secretsmanager:CreateSecret',
          'secretsmanager:DeleteSecret',
          'secretsmanager:GetSecretValue',
          'secretsmanager:PutSecretValue',
        ],
        resourceArn: connectorSecretsArn(this, config),
      });
    bindResponseActions(this.function, { config, actions });

    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: config.logRetentionDays,
      removalPolicy: config.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.api = new RestApi(this, 'Api', {
      restApiName: `sentinel-lake-${config.stage}`,
      description: `Sentinel Lake control API (${config.stage})`,
      endpointTypes: [EndpointType.REGIONAL],
      // Without a role of the account and region, the gateway refuses every stage that has an access log. It outlives the
      // stack, because all APIs of the account use it.
      cloudWatchRole: settings.setsAccountLogRole,
      ...(settings.setsAccountLogRole ? { cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN } : {}),
      deployOptions: {
        stageName: config.stage,
        throttlingRateLimit: settings.callsPerSecond,
        throttlingBurstLimit: settings.callsPerSecond * 2,
        loggingLevel: MethodLoggingLevel.OFF,
        metricsEnabled: true,
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: AccessLogFormat.custom(
          JSON.stringify({
            requestId: AccessLogField.contextRequestId(),
            time: AccessLogField.contextRequestTimeEpoch(),
            ip: AccessLogField.contextIdentitySourceIp(),
            caller: AccessLogField.contextIdentityUserArn(),
            method: AccessLogField.contextHttpMethod(),
            path: AccessLogField.contextPath(),
            status: AccessLogField.contextStatus(),
            bytes: AccessLogField.contextResponseLength(),
            durationMs: AccessLogField.contextResponseLatency(),
            // The kind and not the message: of an Authorization that is no signature, the message repeats the value.
            refusedAs: AccessLogField.contextErrorResponseType(),
          }),
        ),
      },
      // Of the whole API and not of the proxy alone: the proxy adds a method for the root, which would be a mock that answers 500.
      defaultIntegration: new LambdaIntegration(this.function.lambda, { allowTestInvoke: false }),
      defaultMethodOptions: {
        authorizationType: settings.iam.length === 0 ? AuthorizationType.NONE : AuthorizationType.IAM,
      },
    });
    this.requireModernTls();
    // The construct's own output has a name that nobody knows; the stack's is ApiUrl.
    this.api.node.tryRemoveChild('Endpoint');
    this.api.root.addProxy({ anyMethod: true });
    addGatewayProblems(this.api);
    this.acknowledge(config);
  }

  /**
   * A regional API takes TLS 1.0 unless it is told otherwise. This policy takes 1.2 with forward secrecy, and 1.3. It needs an
   * access mode: `STRICT` would also refuse callers behind a proxy whose TLS names another host than their call does.
   */
  private requireModernTls(): void {
    const { defaultChild } = this.api.node;
    if (!(defaultChild instanceof CfnRestApi)) throw new Error('The API has no resource of its own.');
    defaultChild.securityPolicy = SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09;
    defaultChild.endpointAccessMode = 'BASIC';
  }

  /** What the rule packs want otherwise, and why it is as it is. */
  private acknowledge(config: StageConfig): void {
    Validations.of(this).acknowledge(
      {
        id: 'AwsSolutions-APIG2',
        reason:
          'The function checks every call by the schemas of its routes, and its answers name the field.',
      },
      {
        id: 'AwsSolutions-APIG4',
        reason:
          'API keys, tokens and rights are checked in the function, in the one place that every route goes through; with grants for IAM roles the gateway checks signatures before.',
      },
      {
        id: 'AwsSolutions-COG4',
        reason: 'Callers are programs with API keys; tokens of any issuer can be configured.',
      },
      {
        id: 'AwsSolutions-APIG3',
        reason:
          'A web ACL costs more than the rest of the stack; an account that has one associates it with the stage.',
      },
      {
        id: 'AwsSolutions-APIG6',
        reason: 'The execution log would hold bodies, and with them tokens; the access log names every call.',
      },
      {
        id: 'Serverless-LambdaDLQ',
        reason: 'The function answers calls; whoever calls hears of a failure at once.',
      },
      {
        id: 'Serverless-APIGWXrayEnabled',
        reason: 'A call is one function and a few table reads; the log has their times.',
      },
    );
    Validations.of(this.api).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason:
        "API Gateway asks for this policy on the account's role, which all of its APIs write their logs by.",
    });
    Validations.of(this.function.role).acknowledge(
      {
        id: 'AwsSolutions-IAM5[Resource::<DataLakeBucketEF1CCA5A.Arn>/landing/*/index=audit/*]',
        reason: 'An audit record is an object of its own, in the part of its tenant.',
      },
      {
        id: 'AwsSolutions-IAM5[Resource::<DataLakeBucketEF1CCA5A.Arn>/landing/*]',
        reason:
          'A filter is tried on records whose keys were made at run time; the grant is to read, and no more.',
      },
      anyConnectorSecret(config),
    );
  }
}
