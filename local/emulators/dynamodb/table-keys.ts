import { z } from 'zod';
import type { Fields } from '../aws-json-server.ts';
import type { Engine } from './engine.ts';

const describedTable = z.object({
  Table: z.object({ KeySchema: z.array(z.object({ AttributeName: z.string() })) }),
});

/** The key attributes of tables, asked once. */
export class TableKeys {
  readonly #engine: Engine;
  readonly #names = new Map<string, readonly string[]>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The key of an item. @throws AwsError when there is no such table. */
  async keyOf(table: string, item: Fields): Promise<Fields> {
    const names = await this.#namesOf(table);
    return Object.fromEntries(names.map((name) => [name, item[name]]));
  }

  forget(table: string): void {
    this.#names.delete(table);
  }

  async #namesOf(table: string): Promise<readonly string[]> {
    const known = this.#names.get(table);
    if (known !== undefined) return known;
    const described = describedTable.parse(await this.#engine.execute('DescribeTable', { TableName: table }));
    const names = described.Table.KeySchema.map((key) => key.AttributeName);
    this.#names.set(table, names);
    return names;
  }
}
