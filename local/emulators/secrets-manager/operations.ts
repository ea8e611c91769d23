import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../aws-error.ts';
import type { Fields } from '../aws-json-server.ts';
import type { Secret, SecretFile } from './secret-file.ts';
import { findVersion, stagesByVersion, withCurrentVersion } from './versions.ts';

/** What the operations work on. `now` gives epoch milliseconds. */
export interface SecretsContext {
  readonly file: SecretFile;
  readonly region: string;
  readonly accountId: string;
  readonly now: () => number;
}

type Operation = (context: SecretsContext, input: Fields) => Fields;

const value = { SecretString: z.string().optional(), SecretBinary: z.string().optional() };
const details = { Description: z.string().optional(), KmsKeyId: z.string().optional() };
const token = { ClientRequestToken: z.string().optional() };
const secretId = { SecretId: z.string().min(1) };
const tags = z.array(z.object({ Key: z.string(), Value: z.string() })).default([]);

const defaultRecoveryDays = 30;
const dayMs = 86_400_000;

/** The operations by name. Anything else is refused by the server. */
export const operations: Readonly<Record<string, Operation>> = {
  CreateSecret: operation(
    z.object({ Name: z.string().regex(/^[\w/+=.@-]{1,512}$/), Tags: tags, ...value, ...details, ...token }),
    (context, input) => {
      const id = input.ClientRequestToken ?? randomUUID();
      const existing = context.file.get(input.Name);
      if (existing !== undefined) return repeatedCreate(context, existing, id, input);
      const now = context.now();
      const empty: Secret = {
        name: input.Name,
        arn: `arn:aws:secretsmanager:${context.region}:${context.accountId}:secret:${input.Name}-${arnSuffix()}`,
        ...detailsOf(input),
        tags: input.Tags,
        createdAt: now,
        changedAt: now,
        versions: {},
      };
      const secret = hasValue(input) ? withCurrentVersion(empty, id, input, now) : empty;
      context.file.put(secret);
      return { ...identity(secret), ...(hasValue(input) ? { VersionId: id } : {}) };
    },
  ),

  PutSecretValue: operation(
    z.object({
      ...secretId,
      ...value,
      ...token,
      VersionStages: z.tuple([z.literal('AWSCURRENT')]).optional(),
    }),
    (context, input) => {
      if (!hasValue(input)) {
        throw new AwsError(
          'InvalidRequestException',
          'You must provide either SecretString or SecretBinary.',
        );
      }
      const id = input.ClientRequestToken ?? randomUUID();
      const secret = withCurrentVersion(active(context, input.SecretId), id, input, context.now());
      context.file.put(secret);
      return { ...identity(secret), VersionId: id, VersionStages: secret.versions[id]?.stages ?? [] };
    },
  ),

  UpdateSecret: operation(z.object({ ...secretId, ...value, ...details, ...token }), (context, input) => {
    const id = input.ClientRequestToken ?? randomUUID();
    const found = { ...active(context, input.SecretId), ...detailsOf(input), changedAt: context.now() };
    const secret = hasValue(input) ? withCurrentVersion(found, id, input, context.now()) : found;
    context.file.put(secret);
    return { ...identity(secret), ...(hasValue(input) ? { VersionId: id } : {}) };
  }),

  GetSecretValue: operation(
    z.object({ ...secretId, VersionId: z.string().optional(), VersionStage: z.string().optional() }),
    (context, input) => {
      const secret = active(context, input.SecretId);
      const { id, version } = findVersion(secret, input);
      return {
        ...identity(secret),
        VersionId: id,
        VersionStages: version.stages,
        SecretString: version.secretString,
        SecretBinary: version.secretBinary,
        CreatedDate: version.createdAt / 1000,
      };
    },
  ),

  DescribeSecret: operation(z.object(secretId), (context, input) =>
    description(find(context, input.SecretId)),
  ),

  ListSecrets: operation(
    z.object({
      MaxResults: z.number().int().min(1).max(100).default(100),
      NextToken: z.string().optional(),
      IncludePlannedDeletion: z.boolean().default(false),
      Filters: z.array(z.object({ Key: z.literal('name'), Values: z.array(z.string()) })).default([]),
    }),
    (context, input) => {
      dropPurged(context);
      const matching = context.file
        .all()
        .filter((secret) => input.IncludePlannedDeletion || secret.deletedAt === undefined)
        .filter((secret) =>
          input.Filters.every((by) => by.Values.some((prefix) => secret.name.startsWith(prefix))),
        )
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .filter((secret) => input.NextToken === undefined || secret.name > input.NextToken);
      const page = matching.slice(0, input.MaxResults);
      return {
        SecretList: page.map(description),
        ...(matching.length > page.length ? { NextToken: page.at(-1)?.name } : {}),
      };
    },
  ),

  DeleteSecret: operation(
    z.object({
      ...secretId,
      ForceDeleteWithoutRecovery: z.boolean().default(false),
      RecoveryWindowInDays: z.number().int().min(7).max(30).optional(),
    }),
    (context, input) => {
      const secret = active(context, input.SecretId);
      const now = context.now();
      if (input.ForceDeleteWithoutRecovery) {
        context.file.remove(secret.name);
        return { ...identity(secret), DeletionDate: now / 1000 };
      }
      const purgeAt = now + (input.RecoveryWindowInDays ?? defaultRecoveryDays) * dayMs;
      context.file.put({ ...secret, deletedAt: now, purgeAt });
      return { ...identity(secret), DeletionDate: purgeAt / 1000 };
    },
  ),

  RestoreSecret: operation(z.object(secretId), (context, input) => {
    const { deletedAt: _deletedAt, purgeAt: _purgeAt, ...secret } = find(context, input.SecretId);
    context.file.put(secret);
    return identity(secret);
  }),
};

function operation<S extends z.ZodType>(
  schema: S,
  run: (context: SecretsContext, input: z.infer<S>) => Fields,
): Operation {
  return (context, input) => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return run(context, parsed.data);
    const issue = parsed.error.issues[0];
    const where = issue?.path.join('.') ?? 'request';
    throw new AwsError(
      'InvalidParameterException',
      `The parameter ${where} is not valid: ${issue?.message ?? ''}.`,
    );
  };
}

/** A create whose answer was lost is sent again with the same token and must not fail. */
function repeatedCreate(context: SecretsContext, existing: Secret, id: string, input: Fields): Fields {
  if (existing.deletedAt !== undefined && find(context, existing.name).deletedAt !== undefined) {
    throw new AwsError(
      'InvalidRequestException',
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  }
  const version = existing.versions[id];
  const sameValue =
    version?.secretString === input['SecretString'] && version?.secretBinary === input['SecretBinary'];
  if (version !== undefined && sameValue) return { ...identity(existing), VersionId: id };
  throw new AwsError(
    'ResourceExistsException',
    `The operation failed because the secret ${existing.name} already exists.`,
  );
}

/** By name, by ARN, or by the ARN without its random end. @throws AwsError when there is none. */
function find(context: SecretsContext, id: string): Secret {
  dropPurged(context);
  const byArn = (secret: Secret) => secret.arn === id || secret.arn.replace(/-[^-]{6}$/, '') === id;
  const secret = context.file.get(id) ?? context.file.all().find(byArn);
  if (secret !== undefined) return secret;
  throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
}

function active(context: SecretsContext, id: string): Secret {
  const secret = find(context, id);
  if (secret.deletedAt === undefined) return secret;
  throw new AwsError(
    'InvalidRequestException',
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}

function dropPurged(context: SecretsContext): void {
  for (const secret of context.file.all()) {
    if (secret.purgeAt !== undefined && secret.purgeAt <= context.now()) context.file.remove(secret.name);
  }
}

function hasValue(input: {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: string | undefined;
}): boolean {
  return input.SecretString !== undefined || input.SecretBinary !== undefined;
}

function detailsOf(input: {
  readonly Description?: string | undefined;
  readonly KmsKeyId?: string | undefined;
}) {
  return {
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.KmsKeyId === undefined ? {} : { kmsKeyId: input.KmsKeyId }),
  };
}

function identity(secret: Secret): Fields {
  return { ARN: secret.arn, Name: secret.name };
}

function description(secret: Secret): Fields {
  return {
    ...identity(secret),
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    Tags: secret.tags,
    CreatedDate: secret.createdAt / 1000,
    LastChangedDate: secret.changedAt / 1000,
    DeletedDate: secret.deletedAt === undefined ? undefined : secret.deletedAt / 1000,
    VersionIdsToStages: stagesByVersion(secret),
  };
}

function arnSuffix(): string {
  return randomBytes(3).toString('hex');
}
