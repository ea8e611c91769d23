import { alternatives } from '../engine/readings/alternatives.ts';
import { dataLakeQuery } from '../engine/readings/data-lake-query.ts';
import { startedQuery } from '../engine/readings/started-query.ts';
import type { JsonObject } from '../json.ts';
import { dataLakeEventFields, dataLakeEventTime } from '../records/data-lake-event-fields.ts';
import { endpointEventFields } from '../records/endpoint-event-fields.ts';
import { fieldAt, requiredTextAt } from '../records/json-fields.ts';
import { parseConsoleTime } from '../sentinelone/console-time.ts';
import type { ContentType } from './content-type.ts';
import { firstOpen } from './parts/first-open.ts';
import { minuteMs, timeAt } from './parts/times.ts';
import { unknownQuery } from './parts/unknown-query.ts';

const createdAt = timeAt('createdAt');
const auto = ['dv', 'sdl'];
const statusOfQuery = { method: 'GET', path: '/dv/query-status' } as const;
/** The id of no query. */
const noQuery = 'connectivity-test';

/**
 * Events of the endpoints. By the Deep Visibility queries while the console has them (the vendor ends them on 2027-02-15), by
 * queries of its data lake where it does not, or where the connector says so. The two write different records: each as its
 * source names the fields.
 */
export const deepVisibility: ContentType = {
  id: 'deep-visibility',
  label: 'Deep Visibility',
  msgClass: 'sentinelone_deep_visibility',
  index: 'syslog',
  permission: 'SDL Data.viewEdr (source dv) or Skylight Query API.view (source sdl)',
  defaultIntervalMs: 5 * minuteMs,
  settleMs: 2 * minuteMs,
  lateBecause:
    'Events are on their way from the endpoints for a while. What an offline endpoint hands in later than this is missed.',
  costs:
    'Source dv: one query per 20,000 events and at least one per run, asked after every few seconds, and one request per 1,000 events. Source sdl: three to five requests per 5,000 events.',
  options: [
    {
      name: 'source',
      choices: ['auto', 'dv', 'sdl'],
      meaning: 'Which of the two interfaces is asked; auto is dv while the console has it.',
    },
    {
      name: 'query',
      form: 'a query in S1QL 1.0',
      meaning: 'Which events source dv asks for; all where absent.',
    },
    { name: 'filter', form: 'a filter of the data lake', meaning: 'Narrows what source sdl asks for.' },
    {
      name: 'isVerbose',
      choices: ['true', 'false'],
      meaning: 'Source dv asks for all fields of an event, and not the most important ones.',
    },
  ],
  reading: alternatives({
    ways: {
      dv: startedQuery({
        startPath: '/dv/init-query',
        statusPath: statusOfQuery.path,
        resultsPath: '/dv/events',
        pageSize: 1000,
        rowCap: 20_000,
        // Every event has one.
        defaultQuery: 'EventType != ""',
        sortBy: 'createdAt',
        timeOf: (row) => parseConsoleTime(fieldAt(row, 'createdAt')),
      }),
      sdl: dataLakeQuery({
        filter: "dataSource.name='SentinelOne' dataSource.category='security'",
        rowCap: 5_000,
      }),
    },
    auto,
  }),
  probe: firstOpen({
    ways: {
      dv: unknownQuery({
        request: { ...statusOfQuery, params: { queryId: noQuery } },
        unnamed: statusOfQuery,
      }),
      sdl: unknownQuery({ request: { method: 'GET', surface: 'data-lake', path: `/queries/${noQuery}` } }),
    },
    auto,
  }),
  identity: (event) =>
    isDataLakeEvent(event)
      ? { id: requiredTextAt(event, 'event.id'), revision: '' }
      : { id: requiredTextAt(event, 'id'), revision: requiredTextAt(event, 'createdAt') },
  eventTime: (event) => (isDataLakeEvent(event) ? dataLakeEventTime(event) : createdAt(event)),
  normalize: (event) => (isDataLakeEvent(event) ? dataLakeEventFields(event) : endpointEventFields(event)),
};

/** The data lake names its fields with dots. */
function isDataLakeEvent(event: JsonObject): boolean {
  return event['event.id'] !== undefined;
}
