import { z } from 'zod';
import { AwsError } from '../aws-error.ts';
import type { Fields } from '../aws-json-server.ts';
import type { Engine } from './engine.ts';
import type { TableSettingsFile } from './table-settings.ts';

const updateRequest = z.looseObject({
  TableName: z.string(),
  PointInTimeRecoverySpecification: z.looseObject({ PointInTimeRecoveryEnabled: z.boolean() }),
});

/** The switch of point-in-time recovery. It is kept and shown; there is no restore to make use of it. */
export class ContinuousBackups {
  readonly #engine: Engine;
  readonly #settings: TableSettingsFile;

  constructor(engine: Engine, settings: TableSettingsFile) {
    this.#engine = engine;
    this.#settings = settings;
  }

  async update(input: Fields): Promise<Fields> {
    const request = updateRequest.safeParse(input);
    if (!request.success) {
      throw new AwsError(
        'ValidationException',
        'PointInTimeRecoverySpecification needs PointInTimeRecoveryEnabled.',
      );
    }
    const { TableName: table, PointInTimeRecoverySpecification: wanted } = request.data;
    await this.#engine.execute('DescribeTable', { TableName: table });
    this.#settings.put(table, {
      ...this.#settings.get(table),
      pointInTimeRecovery: wanted.PointInTimeRecoveryEnabled,
    });
    return this.describe(input);
  }

  async describe(input: Fields): Promise<Fields> {
    await this.#engine.execute('DescribeTable', { TableName: input['TableName'] });
    const enabled = this.#settings.get(String(input['TableName'])).pointInTimeRecovery;
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: enabled ? 'ENABLED' : 'DISABLED' },
      },
    };
  }
}
