import { AwsError } from '../aws-error.ts';
import type { Secret, SecretVersion } from './secret-file.ts';

/** The value part of a request: text, base64, or neither. */
export interface SecretValue {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: string | undefined;
}

/**
 * The secret with `value` as AWSCURRENT and the former current one as AWSPREVIOUS. Repeating the request that made
 * the version `id` changes nothing.
 * @throws AwsError when `id` is taken by another value.
 */
export function withCurrentVersion(secret: Secret, id: string, value: SecretValue, now: number): Secret {
  const existing = secret.versions[id];
  if (existing !== undefined) {
    if (existing.secretString === value.SecretString && existing.secretBinary === value.SecretBinary)
      return secret;
    throw new AwsError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`,
    );
  }
  const versions: Record<string, SecretVersion> = {};
  for (const [versionId, version] of Object.entries(secret.versions)) {
    // A version that loses its last stage is deprecated and may go; keeping it would let old tokens pile up.
    if (version.stages.includes('AWSCURRENT')) versions[versionId] = { ...version, stages: ['AWSPREVIOUS'] };
  }
  versions[id] = {
    ...(value.SecretString === undefined ? {} : { secretString: value.SecretString }),
    ...(value.SecretBinary === undefined ? {} : { secretBinary: value.SecretBinary }),
    createdAt: now,
    stages: ['AWSCURRENT'],
  };
  return { ...secret, changedAt: now, versions };
}

/** The version that a read asks for: by id, by stage, or the current one. @throws AwsError when there is none. */
export function findVersion(
  secret: Secret,
  wanted: { readonly VersionId?: string | undefined; readonly VersionStage?: string | undefined },
): { readonly id: string; readonly version: SecretVersion } {
  const stage = wanted.VersionStage ?? (wanted.VersionId === undefined ? 'AWSCURRENT' : undefined);
  for (const [id, version] of Object.entries(secret.versions)) {
    if (wanted.VersionId !== undefined && id !== wanted.VersionId) continue;
    if (stage !== undefined && !version.stages.includes(stage)) continue;
    return { id, version };
  }
  const what = wanted.VersionId === undefined ? `staging label: ${stage}` : `VersionId: ${wanted.VersionId}`;
  throw new AwsError(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret value for ${what}`,
  );
}

/** Stages by version id, as the service lists them. */
export function stagesByVersion(secret: Secret): Record<string, string[]> {
  return Object.fromEntries(Object.entries(secret.versions).map(([id, version]) => [id, version.stages]));
}
