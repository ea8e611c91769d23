import * as z from 'zod/mini';

/** `POST /v1/connectors/{connectorId}/filters/dry-run` */
export const dryRun = z.strictObject({
  filters: z.array(z.record(z.string(), z.unknown())).check(z.maxLength(50)),
});

export const dryRunReport = z.strictObject({
  since: z.string(),
  contentTypes: z.array(
    z.strictObject({
      contentType: z.string(),
      records: z.number(),
      dropped: z.number(),
      droppedBy: z.record(z.string(), z.number()),
      isPart: z.boolean(),
    }),
  ),
});

/** Examples for the documentation; a test checks each against its schema. */
export const dryRunExample = {
  filters: [
    {
      name: 'drop-lab',
      action: 'exclude',
      contentTypes: ['threats'],
      conditions: [{ field: 'agentRealtimeInfo.siteName', operator: 'equals', value: 'Lab' }],
    },
  ],
};

export const dryRunReportExample = {
  since: '2026-11-26T08:00:00.000Z',
  contentTypes: [
    { contentType: 'threats', records: 412, dropped: 37, droppedBy: { 'drop-lab': 37 }, isPart: false },
  ],
};
