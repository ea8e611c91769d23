import { contentTypeIds } from '../../content-types/registry.ts';
import { dropReport } from '../../filters/drop-report.ts';
import { filtersFor } from '../../filters/filters-for.ts';
import { readFilters } from '../../filters/read-filters.ts';
import { invalidRequest } from '../problem.ts';
import { type Route, route } from '../route.ts';
import * as schema from '../schemas/filters.ts';

const hourMs = 3_600_000;

const dryRun = route({
  id: 'dryRunFilters',
  method: 'POST',
  path: '/v1/connectors/{connectorId}/filters/dry-run',
  right: 'read',
  isAudited: false,
  tag: 'Filters',
  summary: 'Try log filters on the last hour',
  description:
    'Says what filters would drop of the records that have come into the lake in this hour and the one before. Nothing is changed. Records that the filters of today drop are not in the lake and cannot be tried; `isPart` says that there were more records than were looked at.',
  body: schema.dryRun,
  example: schema.dryRunExample,
  answers: {
    200: {
      description: 'By content type; those that no filter applies to are left out.',
      schema: schema.dryRunReport,
      example: schema.dryRunReportExample,
    },
  },
  async handle({ connector, body, services, now }) {
    const read = readFilters(body.filters, contentTypeIds);
    if (read.kind === 'invalid') throw invalidRequest(read.problems);
    const { findContentType } = services;
    const { tenant, id, contentTypes } = connector.connector;
    const reports = [];
    for (const contentType of contentTypes) {
      const owner = contentTypes.find((other) => findContentType(other)?.companions?.includes(contentType));
      if (filtersFor(read.filters, contentType, ...(owner === undefined ? [] : [owner])).length === 0)
        continue;
      const recent = await services.recentRecords.read({ tenant, connector: id, contentType }, now);
      const report = dropReport(read.filters, contentType, recent.records, owner);
      reports.push({ contentType, ...report, isPart: recent.isPart });
    }
    const since = new Date(Math.floor(now / hourMs - 1) * hourMs).toISOString();
    return { status: 200, body: { since, contentTypes: reports } };
  },
});

/** Everything about log filters that is not a setting of a connector. */
export const filterRoutes: readonly Route[] = [dryRun];
