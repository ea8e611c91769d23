import fs from 'node:fs';
import { z } from 'zod';
import { replaceFile } from '../replace-file.ts';

const versionSchema = z.object({
  secretString: z.string().optional(),
  /** Base64. */
  secretBinary: z.string().optional(),
  /** Epoch milliseconds. */
  createdAt: z.number(),
  stages: z.array(z.string()),
});

const secretSchema = z.object({
  name: z.string(),
  arn: z.string(),
  description: z.string().optional(),
  kmsKeyId: z.string().optional(),
  tags: z.array(z.object({ Key: z.string(), Value: z.string() })),
  /** Epoch milliseconds, as all times here. */
  createdAt: z.number(),
  changedAt: z.number(),
  /** When the delete was asked for, and when the secret goes; absent unless it is scheduled for deletion. */
  deletedAt: z.number().optional(),
  purgeAt: z.number().optional(),
  versions: z.record(z.string(), versionSchema),
});

const fileSchema = z.object({ secrets: z.array(secretSchema) });

/** One secret with its versions by id. */
export type Secret = z.infer<typeof secretSchema>;

/** One value of a secret. */
export type SecretVersion = z.infer<typeof versionSchema>;

/** All secrets by name, kept in one JSON file that only its owner may read. */
export class SecretFile {
  readonly #path: string;
  readonly #secrets: Map<string, Secret>;

  /** @throws Error when the file exists and is not one that this class wrote. */
  constructor(path: string) {
    this.#path = path;
    this.#secrets = new Map(read(path).map((secret) => [secret.name, secret]));
  }

  get(name: string): Secret | undefined {
    return this.#secrets.get(name);
  }

  all(): Secret[] {
    return [...this.#secrets.values()];
  }

  put(secret: Secret): void {
    this.#secrets.set(secret.name, secret);
    this.#save();
  }

  remove(name: string): void {
    this.#secrets.delete(name);
    this.#save();
  }

  #save(): void {
    replaceFile(this.#path, `${JSON.stringify({ secrets: this.all() }, null, 2)}\n`, 0o600);
  }
}

function read(path: string): Secret[] {
  if (!fs.existsSync(path)) return [];
  try {
    return fileSchema.parse(JSON.parse(fs.readFileSync(path, 'utf8'))).secrets;
  } catch (cause) {
    throw new Error(`${path} is not a secrets file: repair it, or delete it to start without secrets.`, {
      cause,
    });
  }
}
