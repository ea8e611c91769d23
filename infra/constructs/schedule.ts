import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { FanOut } from './fan-out.ts';

/** Starts the fan-out once a minute. */
export class Schedule extends Construct {
  constructor(scope: Construct, id: string, { fanOut }: { readonly fanOut: FanOut }) {
    super(scope, id);
    const { lambda } = fanOut.function;
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        // Only schedules of this account may borrow the role.
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      inlinePolicies: {
        Invoke: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [lambda.functionArn] }),
          ],
        }),
      },
    });
    new scheduler.Schedule(this, 'EveryMinute', {
      description: 'Starts the Sentinel Lake fan-out',
      schedule: scheduler.ScheduleExpression.rate(Duration.minutes(1)),
      timeWindow: scheduler.TimeWindow.off(),
      target: new LambdaInvoke(lambda, {
        // The target would otherwise also grant every version and alias of the function.
        role: role.withoutPolicyUpdates(),
        // The next minute is the retry.
        retryAttempts: 0,
        maxEventAge: Duration.minutes(1),
      }),
    });
  }
}
