import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { stageConfig } from './config.ts';
import { SentinelLakeStack } from './sentinel-lake-stack.ts';

const app = new App();
const config = stageConfig(app.node.tryGetContext('stage'));

// The construct's id is the same in every stage, so logical ids and the template's file name are too.
new SentinelLakeStack(app, 'SentinelLake', { config });

Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
