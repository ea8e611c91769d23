import { windowed } from '../engine/readings/windowed.ts';
import { deviceControlFields } from '../records/device-control-fields.ts';
import { requiredTextAt } from '../records/json-fields.ts';
import type { ContentType } from './content-type.ts';
import { newestOf } from './parts/newest.ts';
import { eventTimeAt, minuteMs, timeAt } from './parts/times.ts';

const eventTime = eventTimeAt('eventTime');
const createdAt = eventTimeAt('createdAt');

/** Devices that were connected to endpoints, and what device control did about it. */
export const deviceControlEvents: ContentType = {
  id: 'device-control-events',
  label: 'Device control events',
  msgClass: 'sentinelone_device_control_events',
  index: 'syslog',
  permission: 'Device Control.view',
  defaultIntervalMs: 5 * minuteMs,
  settleMs: 15 * minuteMs,
  lateBecause:
    "By the endpoint's time; endpoints that were offline hand their events in later. What comes later than this is missed.",
  costs: 'One request per 1,000 events.',
  reading: windowed({
    path: '/device-control/events',
    timeField: 'eventTime',
    sortKey: timeAt('eventTime'),
    pageSize: 1000,
  }),
  probe: newestOf({ path: '/device-control/events', sortBy: 'eventTime', timeOf: eventTime }),
  identity: (event) => ({ id: requiredTextAt(event, 'id'), revision: requiredTextAt(event, 'eventTime') }),
  // An endpoint's clock may be anywhere; the console's is right.
  eventTime: (event) => eventTime(event) ?? createdAt(event),
  normalize: deviceControlFields,
};
