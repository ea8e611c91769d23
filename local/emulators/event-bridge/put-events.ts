import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../aws-error.ts';
import type { Fields } from '../aws-json-server.ts';
import type { BusEvent, EventFile } from './event-file.ts';

/** What PutEvents works on. `now` gives epoch milliseconds. */
export interface EventsContext {
  readonly file: EventFile;
  readonly region: string;
  readonly accountId: string;
  readonly now: () => number;
}

const entrySchema = z.object({
  /** Epoch seconds. */
  Time: z.number().optional(),
  Source: z.string().optional(),
  Resources: z.array(z.string()).default([]),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: z.string().default('default'),
});
type Entry = z.infer<typeof entrySchema>;

const inputSchema = z.object({ Entries: z.array(entrySchema).min(1).max(10) });

/** Of all entries of a request together. */
const maxBytes = 256 * 1024;
const timeBytes = 14;

/**
 * PutEvents: keeps the entries that are good and says of the others what is wrong, as the service does. Every name of a bus is
 * taken: there are no rules here that could look at them.
 */
export function putEvents(context: EventsContext, input: Fields): Fields {
  const { Entries: entries } = parse(input);
  const size = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (size > maxBytes)
    throw new AwsError(
      'ValidationException',
      `Total size of the entries in the request is over the limit: ${size} of ${maxBytes} bytes.`,
    );
  const kept: BusEvent[] = [];
  const answers = entries.map((entry) => {
    const read = readEntry(context, entry);
    if (!('id' in read)) return read;
    kept.push(read);
    return { EventId: read.id };
  });
  context.file.add(kept);
  return { FailedEntryCount: entries.length - kept.length, Entries: answers };
}

function parse(input: Fields): z.infer<typeof inputSchema> {
  const parsed = inputSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AwsError(
    'ValidationException',
    `The parameter ${issue?.path.join('.') ?? 'Entries'} is not valid: ${issue?.message ?? ''}.`,
  );
}

function readEntry(
  { region, accountId, now }: EventsContext,
  entry: Entry,
): BusEvent | { readonly ErrorCode: string; readonly ErrorMessage: string } {
  const { Source: source, DetailType: detailType, Detail: text } = entry;
  if (!source) return invalid('Source');
  if (!detailType) return invalid('DetailType');
  if (!text) return invalid('Detail');
  if (source.startsWith('aws.'))
    return {
      ErrorCode: 'NotAuthorizedForSourceException',
      ErrorMessage: 'Not authorized for the source.',
    };
  const detail = parseObject(text);
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source,
    account: accountId,
    time: new Date(entry.Time === undefined ? now() : entry.Time * 1000)
      .toISOString()
      .replace(/\.\d{3}Z$/, 'Z'),
    region,
    resources: entry.Resources,
    detail,
    bus: entry.EventBusName,
  };
}

function invalid(field: string) {
  return {
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${field} is not valid. Reason: ${field} is a required argument.`,
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const parsed = z.record(z.string(), z.unknown()).safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function sizeOf({ Time, Source = '', DetailType = '', Detail = '', Resources }: Entry): number {
  const bytes = [Source, DetailType, Detail, ...Resources].map((text) => Buffer.byteLength(text));
  return bytes.reduce((sum, one) => sum + one, Time === undefined ? 0 : timeBytes);
}
