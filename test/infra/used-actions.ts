import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { REPOSITORY } from './synthesize.ts';

/** The IAM actions of the SDK's commands (service authorization reference), and of the parts of a transaction. */
const actionsByCommand: Readonly<Record<string, string>> = {
  BatchGetCommand: 'dynamodb:BatchGetItem',
  DeleteCommand: 'dynamodb:DeleteItem',
  GetCommand: 'dynamodb:GetItem',
  PutCommand: 'dynamodb:PutItem',
  QueryCommand: 'dynamodb:Query',
  UpdateCommand: 'dynamodb:UpdateItem',
  GetObjectCommand: 's3:GetObject',
  HeadObjectCommand: 's3:GetObject',
  ListObjectsV2Command: 's3:ListBucket',
  PutObjectCommand: 's3:PutObject',
  CreateSecretCommand: 'secretsmanager:CreateSecret',
  DeleteSecretCommand: 'secretsmanager:DeleteSecret',
  GetSecretValueCommand: 'secretsmanager:GetSecretValue',
  PutSecretValueCommand: 'secretsmanager:PutSecretValue',
  SendMessageBatchCommand: 'sqs:SendMessage',
  PutEventsCommand: 'events:PutEvents',
};
const actionsInTransaction: Readonly<Record<string, string>> = {
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Delete: 'dynamodb:DeleteItem',
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
};

/**
 * The actions that a function's own adapters can call, sorted: of everything below shared/aws that it imports, by itself or by what
 * is wired for several functions in shared/lambda. Throws for a command that is not known here.
 */
export function usedActions(service: string): readonly string[] {
  const folder = join(REPOSITORY, 'functions', service);
  const files = new Set<string>();
  for (const name of readdirSync(folder)) addAdapters(join(folder, name), files);
  return [...new Set([...files].flatMap(actionsIn))].sort();
}

const wired = ['aws', 'lambda'].map((folder) => join(REPOSITORY, 'shared', folder));

function addAdapters(file: string, found: Set<string>): void {
  for (const [, imported = ''] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g)) {
    const other = resolve(dirname(file), imported);
    if (!wired.some((folder) => other.startsWith(folder)) || found.has(other)) continue;
    found.add(other);
    addAdapters(other, found);
  }
}

function actionsIn(file: string): readonly string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/new (\w+Command)\(/g)].flatMap(([, command = '']) => {
    if (command === 'TransactWriteCommand') return partsIn(source);
    const action = actionsByCommand[command];
    if (action === undefined)
      throw new Error(`Say in ${import.meta.filename} which action ${command} needs.`);
    return [action];
  });
}

/** Of the transactions of a file. */
function partsIn(source: string): readonly string[] {
  return Object.entries(actionsInTransaction).flatMap(([part, action]) =>
    new RegExp(`\\b${part}: `).test(source) ? [action] : [],
  );
}
