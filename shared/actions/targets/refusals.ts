import type { Reason, TargetKind } from '../subject.ts';

/** Nothing by this name, or nothing that the token may see: the console does not tell the one from the other. */
export function notFound(what: string): Reason {
  return {
    code: 'not_found',
    message: `The console shows no ${what} to the connector's token.`,
    recommendation:
      "Check the name, and that it belongs to what the token's user may see; the console's own list shows it.",
  };
}

/** Two or more endpoints that could be meant. None of them is touched. */
export function ambiguous(
  what: 'host name' | 'UUID',
  name: string,
  total: number,
  agentIds: readonly string[],
): Reason {
  return {
    code: what === 'UUID' ? 'ambiguous_uuid' : 'ambiguous_host_name',
    message: `${total} endpoints have the ${what} ${name}: agent ids ${agentIds.join(', ')}${total > agentIds.length ? ' and others' : ''}.`,
    recommendation: 'Name the endpoint by its agent id.',
  };
}

/** So many endpoints have names that contain it that whether it is the name of one alone cannot be told. */
export function tooCommon(name: string, most: number): Reason {
  return {
    code: 'host_name_too_common',
    message: `More than ${most} endpoints have the host name ${name}.`,
    recommendation: 'Name the endpoint by its agent id.',
  };
}

/** It is there, and the connector is kept to other sites or accounts. Nothing else of it is told: it may be another tenant's. */
export function outOfScope(what: string): Reason {
  return {
    code: 'out_of_scope',
    message: `The ${what} is in none of the sites and accounts that the connector is kept to.`,
    recommendation: "Ask the connector of its own tenant, or extend this connector's siteIds or accountIds.",
  };
}

/** The endpoint of a threat or alert is gone. */
export function noAgent(kind: TargetKind, id: string): Reason {
  return {
    code: 'no_agent',
    message: `The console no longer has the endpoint that the ${kind} ${id} was seen on.`,
    recommendation: 'Nothing can be done to an endpoint without an agent; look for it under its host name.',
  };
}

/** A record lacks what an action needs to know of it. */
export function recordFieldMissing(field: string): Reason {
  return {
    code: 'record_field_missing',
    message: `The record has no ${field}, and without it nobody can say what is to be acted on.`,
    recommendation: 'Use the action with records that have the field, or name the target by its id.',
  };
}

/** The field is there and holds something else. */
export function recordFieldInvalid(field: string, must: string): Reason {
  return {
    code: 'record_field_invalid',
    message: `${field} of the record ${must}.`,
    recommendation: 'Send the record as it is in the lake; a number in the place of an id has lost digits.',
  };
}

/** Two fields that must tell the same id. */
export function recordIdsDiffer(fields: readonly string[]): Reason {
  return {
    code: 'record_ids_differ',
    message: `${fields.join(' and ')} of the record are not the same, so it names two targets.`,
    recommendation: 'Send the record as it is in the lake, or name the target by its id.',
  };
}

/** A record of one tenant or console must not act through those of another. */
export function recordOfOtherConnector(field: string): Reason {
  return {
    code: 'record_of_other_connector',
    message: `The record's ${field} is not that of the connector that is asked.`,
    recommendation: 'Ask the connector that the record names.',
  };
}
