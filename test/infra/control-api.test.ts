import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { type StageConfig, stageConfig } from '../../infra/config.ts';
import { problemBody } from '../../shared/api/problem.ts';
import { lambda, ofType, only, readable, resources, synthesize } from './synthesize.ts';

const stages = ['prod', 'dev'].map((stage) => ({ stage, template: synthesize(stageConfig(stage)) }));
const prod = synthesize();

function withApi(changes: Partial<StageConfig['api']>): Template {
  const config = stageConfig('prod');
  return synthesize({ ...config, api: { ...config.api, ...changes } });
}

interface MethodProperties {
  readonly AuthorizationType: string;
  readonly HttpMethod: string;
  readonly Integration: { readonly Type: string; readonly Uri: unknown };
  readonly ApiKeyRequired?: boolean;
}

interface StageProperties {
  readonly StageName: string;
  readonly TracingEnabled?: boolean;
  readonly MethodSettings: readonly Readonly<Record<string, unknown>>[];
  readonly AccessLogSetting: { readonly DestinationArn: unknown; readonly Format: string };
}

interface GatewayResponseProperties {
  readonly ResponseType: string;
  readonly StatusCode: string;
  readonly ResponseParameters: Readonly<Record<string, string>>;
  readonly ResponseTemplates: Readonly<Record<string, string>>;
}

const stageOf = (template: Template) => only<StageProperties>(template, 'AWS::ApiGateway::Stage').Properties;
const methodsOf = (template: Template) =>
  ofType<MethodProperties>(template, 'AWS::ApiGateway::Method').map(({ Properties }) => Properties);

describe.each(stages)('the control API in $stage', ({ stage, template }) => {
  it('is one regional REST API, with TLS 1.2 at least', () => {
    expect(only(template, 'AWS::ApiGateway::RestApi').Properties).toMatchObject({
      Name: `sentinel-lake-${stage}`,
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
      EndpointAccessMode: 'BASIC',
    });
    expect(stageOf(template).StageName).toBe(stage);
  });

  it('hands every path and method to its function, which decides who may do what', () => {
    const methods = methodsOf(template);

    expect(only(template, 'AWS::ApiGateway::Resource').Properties['PathPart']).toBe('{proxy+}');
    // The root's and that of everything below it.
    expect(methods).toHaveLength(2);
    for (const { AuthorizationType, HttpMethod, Integration, ...rest } of methods) {
      expect({ AuthorizationType, HttpMethod, type: Integration.Type }).toEqual({
        AuthorizationType: 'NONE',
        HttpMethod: 'ANY',
        type: 'AWS_PROXY',
      });
      expect(readable(Integration.Uri)).toContain(`<${lambda(template, 'api').id}.Arn>/invocations`);
      expect(rest).not.toHaveProperty('ApiKeyRequired');
    }
  });

  it('limits what comes in, and writes no execution log', () => {
    expect(stageOf(template).MethodSettings).toEqual([
      {
        HttpMethod: '*',
        ResourcePath: '/*',
        ThrottlingRateLimit: 50,
        ThrottlingBurstLimit: 100,
        LoggingLevel: 'OFF',
        DataTraceEnabled: false,
        MetricsEnabled: true,
      },
    ]);
    expect(stageOf(template)).not.toHaveProperty('TracingEnabled');
  });

  it('writes a line per call into a log group of its own that forgets', () => {
    const { DestinationArn } = stageOf(template).AccessLogSetting;
    const [, id = ''] = /:log-group:<(.+)>$/.exec(readable(DestinationArn)) ?? [];

    expect(resources(template)[id]).toMatchObject({
      Type: 'AWS::Logs::LogGroup',
      Properties: { RetentionInDays: stageConfig(stage).logRetentionDays },
    });
    for (const service of ['fan-out', 'worker', 'outcomes', 'api'])
      expect(lambda(template, service).Properties.LoggingConfig.LogGroup).not.toEqual({ Ref: id });
  });
});

describe('the access log', () => {
  it('says who asked for what and what became of it', () => {
    expect(JSON.parse(stageOf(prod).AccessLogSetting.Format)).toEqual({
      requestId: '$context.requestId',
      time: '$context.requestTimeEpoch',
      ip: '$context.identity.sourceIp',
      caller: '$context.identity.userArn',
      method: '$context.httpMethod',
      path: '$context.path',
      status: '$context.status',
      bytes: '$context.responseLength',
      durationMs: '$context.responseLatency',
      refusedAs: '$context.error.responseType',
    });
  });

  it('never holds a header, a query or a body, nor a message that repeats one', () => {
    const { Format } = stageOf(prod).AccessLogSetting;

    expect(Format).not.toMatch(
      /header|body|querystring|apiKey|error\.message|validationErrorString|authorizer|accessKey/i,
    );
  });
});

describe('the role by which API Gateway writes logs', () => {
  it('is there before the stage, and outlives every stack, because all APIs of the account use it', () => {
    for (const { template } of stages) {
      const account = only<{ readonly CloudWatchRoleArn: unknown }>(template, 'AWS::ApiGateway::Account');
      const role = readable(account.Properties.CloudWatchRoleArn).replace(/^<(.+)\.Arn>$/, '$1');
      const deployed = only(template, 'AWS::ApiGateway::Stage');

      expect(resources(template)[role]?.DeletionPolicy).toBe('Retain');
      expect(account.DeletionPolicy).toBe('Retain');
      expect(deployed.DependsOn).toContain(account.id);
    }
  });

  it('is left alone where the account has one', () => {
    const template = withApi({ setsAccountLogRole: false });

    template.resourceCountIs('AWS::ApiGateway::Account', 0);
    template.resourceCountIs('AWS::IAM::Role', 5);
    expect(stageOf(template).AccessLogSetting.DestinationArn).toBeDefined();
  });
});

describe('grants for IAM roles', () => {
  it('make the gateway take signed calls only', () => {
    const template = withApi({
      iam: [{ arnPrefix: 'arn:aws:iam::111122223333:role/Soc-', tenants: 'all', rights: ['read'] }],
    });

    expect(methodsOf(template).map(({ AuthorizationType }) => AuthorizationType)).toEqual([
      'AWS_IAM',
      'AWS_IAM',
    ]);
  });
});

describe('what the gateway refuses by itself', () => {
  const responses = ofType<GatewayResponseProperties>(prod, 'AWS::ApiGateway::GatewayResponse').map(
    ({ Properties }) => Properties,
  );

  /** Every kind, with the status that it has where nobody changes it (developer guide, "Gateway response types"). */
  const own: Readonly<Record<string, number>> = {
    ACCESS_DENIED: 403,
    API_CONFIGURATION_ERROR: 500,
    AUTHORIZER_CONFIGURATION_ERROR: 500,
    AUTHORIZER_FAILURE: 500,
    BAD_REQUEST_BODY: 400,
    BAD_REQUEST_PARAMETERS: 400,
    DEFAULT_4XX: 400,
    DEFAULT_5XX: 500,
    EXPIRED_TOKEN: 403,
    INTEGRATION_FAILURE: 504,
    INTEGRATION_TIMEOUT: 504,
    INVALID_API_KEY: 403,
    INVALID_SIGNATURE: 403,
    MISSING_AUTHENTICATION_TOKEN: 403,
    QUOTA_EXCEEDED: 429,
    REQUEST_TOO_LARGE: 413,
    RESOURCE_NOT_FOUND: 404,
    THROTTLED: 429,
    UNAUTHORIZED: 401,
    UNSUPPORTED_MEDIA_TYPE: 415,
    WAF_FILTERED: 403,
  };

  it('keeps its status, kind by kind, and no kind is left out', () => {
    const statuses = responses.map(({ ResponseType, StatusCode }) => [ResponseType, Number(StatusCode)]);

    expect(Object.fromEntries(statuses)).toEqual(own);
    expect(statuses).toHaveLength(Object.keys(own).length);
  });

  it.each(responses)('is a problem in the form of RFC 9457: $ResponseType', (response) => {
    const { StatusCode, ResponseParameters, ResponseTemplates } = response;
    const headers = Object.entries(ResponseParameters).map(([name, value]) => [
      name.replace('gatewayresponse.header.', ''),
      value,
    ]);

    expect(Object.keys(ResponseTemplates)).toEqual(['application/json']);
    const body = JSON.parse(ResponseTemplates['application/json'] ?? '');
    const { code, detail, recommendation } = body;
    expect(body).toEqual(
      problemBody({ status: Number(StatusCode), code, detail, recommendation }, '$context.requestId'),
    );
    expect(body.title).not.toBe('Error');
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(detail).toMatch(/^The gateway .*\.$/);
    expect(recommendation).toMatch(/^[A-Z].*\.$/);
    expect(Object.fromEntries(headers)).toMatchObject({
      'Content-Type': "'application/problem+json; charset=utf-8'",
      'Cache-Control': "'no-store'",
      'X-Content-Type-Options': "'nosniff'",
      'Strict-Transport-Security': "'max-age=63072000'",
    });
  });

  it('repeats nothing of the call', () => {
    for (const { ResponseTemplates } of responses) {
      const named = (ResponseTemplates['application/json'] ?? '').match(/\$[A-Za-z.]+/g);
      expect(named).toEqual(['$context.requestId']);
    }
  });

  it('says when to come back where there was too much', () => {
    for (const { StatusCode, ResponseParameters } of responses)
      expect(ResponseParameters['gatewayresponse.header.Retry-After']).toBe(
        StatusCode === '429' ? "'1'" : undefined,
      );
  });
});
