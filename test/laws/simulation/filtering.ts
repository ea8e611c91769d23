import type { LogFilter } from '../../../shared/filters/log-filter.ts';
import type { JsonObject } from '../../../shared/json.ts';

/** Log filters of a connector, and what they mean, said a second time without them. */
export interface Filtering {
  readonly filters: readonly LogFilter[];
  /** True where a record must not be in the lake. Of an object of the console, or of its record. */
  readonly drops: (record: JsonObject) => boolean;
}

const noFilters: Filtering = { filters: [], drops: () => false };

/** What the connectors of a world may have; half of them have nothing. No state that closes an alert is dropped alone. */
export const filterings: readonly Filtering[] = [
  ...Array.from({ length: 7 }, () => noFilters),
  {
    filters: [
      {
        name: 'by id',
        action: 'exclude',
        conditions: [{ field: 'id', operator: 'matches', value: '[2-6]$' }],
      },
      { name: 'never', action: 'exclude', conditions: [{ field: 'id', operator: 'not_exists' }] },
    ],
    drops: ({ id }) => '23456'.includes(lastOf(id)),
  },
  {
    filters: [
      { name: 'low', action: 'include', conditions: [{ field: 'id', operator: 'matches', value: '[0-4]$' }] },
      { name: 'nine', action: 'include', conditions: [{ field: 'id', operator: 'ends_with', value: '9' }] },
      {
        name: 'changed',
        action: 'exclude',
        conditions: [
          { field: 'version', operator: 'gt', value: '1' },
          { field: 'id', operator: 'ends_with', value: '4' },
        ],
      },
    ],
    drops: ({ id, version }) => '5678'.includes(lastOf(id)) || (Number(version) > 1 && lastOf(id) === '4'),
  },
  {
    filters: [{ name: 'all', action: 'exclude', conditions: [{ field: 'id', operator: 'exists' }] }],
    drops: () => true,
  },
  {
    filters: [
      {
        name: 'states',
        action: 'exclude',
        conditions: [{ field: 'state', operator: 'in', values: ['new', 'SUSPICIOUS'], ignoreCase: true }],
      },
    ],
    drops: ({ state }) => state === 'new' || state === 'suspicious',
  },
  {
    filters: [
      {
        name: 'closed',
        action: 'include',
        conditions: [{ field: 'state', operator: 'equals', value: 'resolved' }],
      },
    ],
    drops: ({ state }) => state !== 'resolved',
  },
  {
    filters: [
      {
        name: 'of others',
        action: 'include',
        contentTypes: ['others'],
        conditions: [{ field: 'id', operator: 'equals', value: 'nothing' }],
      },
      {
        name: 'by id of others',
        action: 'exclude',
        contentTypes: ['others'],
        conditions: [{ field: 'id', operator: 'exists' }],
      },
    ],
    drops: () => false,
  },
];

function lastOf(id: JsonObject[string]): string {
  return String(id).slice(-1);
}
