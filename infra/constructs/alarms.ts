import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import type { ActionQueue } from './action-queue.ts';
import type { WorkQueue } from './work-queue.ts';

export interface AlarmsProps {
  readonly config: StageConfig;
  readonly work: WorkQueue;
  readonly actions: ActionQueue;
}

const PERIOD = Duration.minutes(5);

/** What a person should hear of at once. Everything else is in the status of connectors and actions. */
export class Alarms extends Construct {
  private readonly topic: ITopic | undefined;

  constructor(scope: Construct, id: string, { config, work, actions }: AlarmsProps) {
    super(scope, id);
    this.topic =
      config.alarmTopicArn === undefined
        ? undefined
        : Topic.fromTopicArn(this, 'Topic', config.alarmTopicArn);
    // As shared/lambda/observability.ts counts it, in the function `api`.
    this.add(
      'IsolationLimitReached',
      'Somebody asked to isolate more endpoints than the limit of their tenant allows. A playbook may be running away: ' +
        'look who asked, in the actions of the last minutes or under index=audit of the lake.',
      new Metric({
        namespace: 'SentinelLake',
        metricName: 'IsolationLimitReached',
        dimensionsMap: { service: 'api' },
        statistic: Stats.SUM,
        period: PERIOD,
      }),
    );
    // A message that comes back meets the lease of the one before, and is dropped: few of those that crash reach the dead letters.
    this.add(
      'ActionsCrash',
      'Whoever goes on with a response action crashes again and again. Look into the log of the function outcomes; the action ' +
        'goes on by itself when the cause is gone.',
      new Metric({
        namespace: 'SentinelLake',
        metricName: 'ActionCrashed',
        dimensionsMap: { service: 'outcomes' },
        statistic: Stats.SUM,
        period: PERIOD,
      }),
      3,
    );
    this.add(
      'ActionsFailed',
      'A response action crashed whoever went on with it five times. Look into the log of the function outcomes, then move ' +
        'the messages back.',
      deadLetters(actions),
    );
    this.add(
      'WorkFailed',
      'A slice of work crashed the worker five times. Look into the log of the function worker, then move the messages back.',
      deadLetters(work),
    );
  }

  /** An alarm as soon as there is one, or one in each of several periods in a row. */
  private add(id: string, alarmDescription: string, metric: IMetric, evaluationPeriods = 1): void {
    const alarm = new Alarm(this, id, {
      alarmDescription: `${Stack.of(this).stackName}: ${alarmDescription}`,
      metric,
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods,
      // Nothing counted is nothing wrong; queues that nobody uses have no metrics at all.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (this.topic !== undefined) alarm.addAlarmAction(new SnsAction(this.topic));
  }
}

function deadLetters({ deadLetterQueue }: WorkQueue | ActionQueue): IMetric {
  return deadLetterQueue.metricApproximateNumberOfMessagesVisible({
    statistic: Stats.MAXIMUM,
    period: PERIOD,
  });
}
