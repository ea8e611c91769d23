import { CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type StageConfig, secretPrefix } from './config.ts';
import { ActionQueue } from './constructs/action-queue.ts';
import { Alarms } from './constructs/alarms.ts';
import { ControlApi } from './constructs/control-api.ts';
import { DataLake } from './constructs/data-lake.ts';
import { FanOut } from './constructs/fan-out.ts';
import { Outcomes } from './constructs/outcomes.ts';
import { Schedule } from './constructs/schedule.ts';
import { StateTable } from './constructs/state-table.ts';
import { WorkQueue } from './constructs/work-queue.ts';
import { Worker } from './constructs/worker.ts';

export interface SentinelLakeStackProps {
  readonly config: StageConfig;
}

/** The whole connector for one stage, in any account and region. */
export class SentinelLakeStack extends Stack {
  constructor(scope: Construct, id: string, { config }: SentinelLakeStackProps) {
    super(scope, id, {
      stackName: `sentinel-lake-${config.stage}`,
      description: `Sentinel Lake (${config.stage}): SentinelOne data sets into an S3 data lake`,
      terminationProtection: config.retainData,
    });

    const lake = new DataLake(this, 'DataLake', { config });
    const state = new StateTable(this, 'StateTable', { config });
    const work = new WorkQueue(this, 'WorkQueue', { config });
    const actions = new ActionQueue(this, 'ActionQueue', { config });
    const fanOut = new FanOut(this, 'FanOut', { config, state, work, actions });
    new Worker(this, 'Worker', { config, lake, state, work });
    new Outcomes(this, 'Outcomes', { config, lake, state, actions });
    new Schedule(this, 'Schedule', { fanOut });
    const control = new ControlApi(this, 'ControlApi', { config, lake, state, work, actions });
    new Alarms(this, 'Alarms', { config, work, actions });

    Tags.of(this).add('application', 'sentinel-lake');
    Tags.of(this).add('stage', config.stage);

    const outputs = {
      LakeBucketName: { value: lake.bucket.bucketName, description: 'The data lake' },
      StateTableName: {
        value: state.table.tableName,
        description: 'Connectors, streams, the ledger and actions',
      },
      ApiUrl: { value: control.api.url, description: 'The control API; its paths begin with v1/' },
      WorkQueueUrl: { value: work.queue.queueUrl, description: 'Slices of work that wait for a worker' },
      DeadLetterQueueUrl: {
        value: work.deadLetterQueue.queueUrl,
        description: 'Work that crashed five times',
      },
      ActionQueueUrl: { value: actions.queue.queueUrl, description: 'Response actions to go on with' },
      ActionDeadLetterQueueUrl: {
        value: actions.deadLetterQueue.queueUrl,
        description: 'Response actions that crashed five times',
      },
      SecretPrefix: {
        value: secretPrefix(config),
        description: "Connectors' secrets are called <prefix>/<tenant>/<connector>",
      },
    };
    for (const [name, output] of Object.entries(outputs)) new CfnOutput(this, name, output);
  }
}
