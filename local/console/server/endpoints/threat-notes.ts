import { contains, oneOfIds } from '../filters.ts';
import { listEndpoint } from '../list-endpoint.ts';
import { threatOf } from '../threat-of.ts';

/** What was noted about one threat; nothing in the notes tells which one. */
export const threatNotes = listEndpoint({
  path: '/threats/{threatId}/notes',
  permission: 'Threats.view',
  records: (world, call) => world.threatNotes.of(threatOf(call)),
  filters: (records) => {
    const text = (row: number, field: string) => {
      const value = records.body(row)[field];
      return typeof value === 'string' ? value : '';
    };
    return {
      creator__like: contains((row) => text(row, 'creator')),
      creatorId: oneOfIds((row) => text(row, 'creatorId')),
    };
  },
  sortKeys: () => ({ createdAt: 'record', updatedAt: 'axis' }),
});
