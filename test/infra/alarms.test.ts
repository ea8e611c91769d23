import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { stageConfig } from '../../infra/config.ts';
import { lambda, ofType, synthesize } from './synthesize.ts';

interface AlarmProperties {
  readonly AlarmDescription: string;
  readonly AlarmActions?: readonly unknown[];
  readonly [property: string]: unknown;
}

const topic = 'arn:aws:sns:eu-central-1:111122223333:security-alarms';
const alarmsOf = (template: Template) =>
  ofType<AlarmProperties>(template, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);

/** Goes off with the first one within five minutes. */
const atOnce = {
  Period: 300,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  TreatMissingData: 'notBreaching',
};

describe.each(['prod', 'dev'])('the alarms in %s', (stage) => {
  const template = synthesize(stageConfig(stage));
  const alarms = alarmsOf(template);

  it('go off when the limit of isolations is reached, as the API counts it', () => {
    const { Variables } = lambda(template, 'api').Properties.Environment;

    expect(alarms).toContainEqual(
      expect.objectContaining({
        ...atOnce,
        Namespace: Variables['POWERTOOLS_METRICS_NAMESPACE'],
        MetricName: 'IsolationLimitReached',
        Dimensions: [{ Name: 'service', Value: Variables['POWERTOOLS_SERVICE_NAME'] }],
        Statistic: 'Sum',
      }),
    );
  });

  it('go off when those who go on with actions crash for a quarter of an hour', () => {
    const { Variables } = lambda(template, 'outcomes').Properties.Environment;

    expect(alarms).toContainEqual(
      expect.objectContaining({
        ...atOnce,
        EvaluationPeriods: 3,
        Namespace: Variables['POWERTOOLS_METRICS_NAMESPACE'],
        MetricName: 'ActionCrashed',
        Dimensions: [{ Name: 'service', Value: Variables['POWERTOOLS_SERVICE_NAME'] }],
        Statistic: 'Sum',
      }),
    );
  });

  it.each(['WorkQueueDeadLetterQueueF71CA21F', 'ActionQueueDeadLetterQueueDDD0C735'])(
    'go off when a message is in a dead-letter queue (%s)',
    (queue) => {
      expect(alarms).toContainEqual(
        expect.objectContaining({
          ...atOnce,
          Namespace: 'AWS/SQS',
          MetricName: 'ApproximateNumberOfMessagesVisible',
          Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
          Statistic: 'Maximum',
        }),
      );
    },
  );

  it('say which stage it is and what to do', () => {
    expect(alarms).toHaveLength(4);
    for (const { AlarmDescription } of alarms)
      expect(AlarmDescription).toMatch(new RegExp(`^sentinel-lake-${stage}: .*[Ll]ook `));
  });

  it('notify nobody unless a topic is configured', () => {
    for (const alarm of alarms) expect(alarm).not.toHaveProperty('AlarmActions');
  });
});

describe('a topic for alarms', () => {
  it('is told of all of them', () => {
    const alarms = alarmsOf(synthesize({ ...stageConfig('prod'), alarmTopicArn: topic }));

    expect(alarms.map(({ AlarmActions }) => AlarmActions)).toEqual([[topic], [topic], [topic], [topic]]);
  });

  it('is not the stack’s', () => {
    synthesize({ ...stageConfig('prod'), alarmTopicArn: topic }).resourceCountIs('AWS::SNS::Topic', 0);
  });
});
