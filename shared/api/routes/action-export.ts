import type { Action } from '../../actions/run/action.ts';
import type { ActionCursor } from '../../actions/run/action-store.ts';
import { connectorIdText } from '../../connectors/connector-id.ts';
import { readActionCursor, writeActionCursor } from '../action-cursor.ts';
import { actionHeading, actionLines } from '../action-lines.ts';
import { answerBytes, mostAnswerBytes } from '../answer-size.ts';
import { askedTenant } from '../asked-tenant.ts';
import { invalidRequest } from '../problem.ts';
import { type Answer, type Route, route } from '../route.ts';
import * as schema from '../schemas/action.ts';
import { timeRangeProblem } from '../time-range.ts';

const mostDays = 31;
/** In one answer. */
const mostActions = 1_000;
const pageSize = 50;
/** Then no further page is read: the gateway ends a call after 29 seconds. */
const readMs = 15_000;

const exportActions = route({
  id: 'exportActions',
  method: 'GET',
  path: '/v1/actions/export',
  right: 'read',
  tag: 'Actions',
  summary: 'Export what was done as CSV',
  description: `One line for each target, newest action first, of at most ${mostDays} days. An answer ends after ${mostActions} actions or about 5 MB; where more follows, the header \`X-Next-Cursor\` says how to go on, with the same other parameters. Every answer begins with the names of the columns. RFC 4180; an apostrophe stands before what a spreadsheet would take for a formula. Import ids as text: spreadsheets round numbers of so many digits. \`tenant\` may be left out as in the list.`,
  query: schema.exportQuery,
  answers: {
    200: {
      description: 'The lines.',
      text: { contentType: 'text/csv', content: schema.exportExample },
      mayHave: ['X-Next-Cursor'],
    },
  },
  async handle({ principal, query, services: { actions, clock }, now }) {
    const { connector, cursor } = query;
    const range = { from: Date.parse(query.from), to: Date.parse(query.to) };
    const problem = timeRangeProblem(range.from, range.to, mostDays);
    if (problem !== undefined) throw invalidRequest([problem]);
    const tenant = askedTenant(query, principal);
    const parts = [actionHeading];
    let bytes = answerBytes(actionHeading);
    let after: ActionCursor | undefined = cursor === undefined ? undefined : readActionCursor(cursor);
    for (let read = 0; read < mostActions && clock.now() - now < readMs; read += pageSize) {
      const page = await actions.page({
        ...{ tenant, ...range, limit: pageSize },
        ...(after === undefined ? {} : { after }),
      });
      for (const action of page.actions) {
        const lines = isOf(action, connector) ? actionLines(action) : '';
        bytes += answerBytes(lines);
        if (bytes > mostAnswerBytes && parts.length > 1) return answerWith(parts, after);
        parts.push(lines);
        after = action;
      }
      if (page.after === undefined) return answerWith(parts, undefined);
      after = page.after;
    }
    return answerWith(parts, after);
  },
});

/** What was done, for spreadsheets and evidence of audits. */
export const actionExportRoutes: readonly Route[] = [exportActions];

function isOf({ tenant, connector }: Action, wanted: string | undefined): boolean {
  return wanted === undefined || wanted === connectorIdText({ tenant, id: connector });
}

function answerWith(parts: readonly string[], after: ActionCursor | undefined): Answer {
  return {
    status: 200,
    text: { contentType: 'text/csv', content: parts.join('') },
    ...(after === undefined ? {} : { headers: { 'X-Next-Cursor': writeActionCursor(after) } }),
  };
}
