/** Examples for the documentation; a test checks each against its schema. */

export const newConnector = {
  name: 'emea-servers',
  tenant: 'northwind',
  tenantName: 'Northwind Manufacturing',
  hostUrl: 'https://euce1-northwind.sentinelone.net',
  apiToken: 'the-token-of-a-service-user',
  functions: ['collect'],
  contentTypes: ['agents', 'threats', 'alerts'],
  intervalMinutes: 5,
  since: '30d',
  siteIds: ['1873645091827364501'],
  options: { vulnerabilities: { source: 'risks' } },
};

const { apiToken: _, ...withoutToken } = newConnector;
export const wholeConnector = withoutToken;

export const connector = {
  id: 'northwind.emea-servers',
  tenant: 'northwind',
  tenantName: 'Northwind Manufacturing',
  name: 'emea-servers',
  hostUrl: 'https://euce1-northwind.sentinelone.net',
  functions: ['collect'],
  contentTypes: ['agents', 'agents-snapshot', 'threats', 'alerts', 'alert-changes'],
  intervalMinutes: 5,
  since: '2026-10-27T09:30:00.000Z',
  siteIds: ['1873645091827364501'],
  accountIds: [],
  filters: [],
  options: { vulnerabilities: { source: 'risks' } },
  state: 'active',
  createdAt: '2026-11-26T09:30:00.000Z',
  updatedAt: '2026-11-26T09:30:00.000Z',
  etag: '"1"',
};

export const connectorList = { connectors: [connector], nextCursor: 'eyJ0ZW5hbnQiOiJub3J0aHdpbmQifQ' };

export const deletedConnector = {
  id: 'northwind.emea-servers',
  state: 'deleted',
  remains: [
    {
      what: 'records',
      where: 'landing/tenant=northwind/index=*/msg_class=*/dt=*/hr=*/emea-servers.*',
      note: 'The lake keeps them until its own expiry.',
    },
  ],
};
