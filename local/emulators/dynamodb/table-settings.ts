import fs from 'node:fs';
import { z } from 'zod';
import { replaceFile } from '../replace-file.ts';

const settingsSchema = z.object({
  /** The attribute that holds the expiry in epoch seconds; absent while time to live is off. */
  timeToLiveAttribute: z.string().optional(),
  pointInTimeRecovery: z.boolean(),
});
const fileSchema = z.record(z.string(), settingsSchema);

/** What dynalite does not keep about a table. */
export type TableSettings = z.infer<typeof settingsSchema>;

const defaults: TableSettings = { pointInTimeRecovery: false };

/** The settings of all tables, in one JSON file. */
export class TableSettingsFile {
  readonly #path: string;
  readonly #settings: Map<string, TableSettings>;

  /** @throws Error when the file exists and is not one that this class wrote. */
  constructor(path: string) {
    this.#path = path;
    this.#settings = read(path);
  }

  get(table: string): TableSettings {
    return this.#settings.get(table) ?? defaults;
  }

  all(): [table: string, TableSettings][] {
    return [...this.#settings];
  }

  put(table: string, settings: TableSettings): void {
    this.#settings.set(table, settings);
    this.#save();
  }

  remove(table: string): void {
    if (this.#settings.delete(table)) this.#save();
  }

  #save(): void {
    replaceFile(this.#path, `${JSON.stringify(Object.fromEntries(this.#settings), null, 2)}\n`);
  }
}

function read(path: string): Map<string, TableSettings> {
  if (!fs.existsSync(path)) return new Map();
  try {
    return new Map(Object.entries(fileSchema.parse(JSON.parse(fs.readFileSync(path, 'utf8')))));
  } catch (cause) {
    throw new Error(
      `${path} is not a table settings file: repair it, or delete it to start with the defaults.`,
      { cause },
    );
  }
}
