/** Examples for the documentation; a test checks each against its schema. */

export const newKey = {
  name: 'soar-production',
  tenants: ['northwind'],
  rights: ['read', 'test'],
  expiresAt: '2027-11-26T00:00:00Z',
};

export const apiKey = {
  id: '3f8k2m9q1x7c5v0b',
  name: 'soar-production',
  tenants: ['northwind'],
  rights: ['read', 'test'],
  createdAt: '2026-11-26T09:30:00.000Z',
  createdBy: 'key:a1b2c3d4e5f6g7h8',
  expiresAt: '2027-11-26T00:00:00.000Z',
};

export const createdKey = { key: 'sl_3f8k2m9q1x7c5v0b_(shown here once)', apiKey };
