import * as z from 'zod/mini';
import { commonOptions } from '../../connectors/content-type-options.ts';
import { contentTypes } from '../../content-types/registry.ts';
import { type Route, route } from '../route.ts';
import * as schema from '../schemas/meta.ts';

const health = route({
  id: 'getHealth',
  method: 'GET',
  path: '/v1/health',
  right: 'open',
  tag: 'About',
  summary: 'Whether the API lives',
  description: 'Needs no key, and tells nothing else.',
  answers: { 200: { description: 'It does.', schema: schema.health, example: { status: 'ok' } } },
  async handle() {
    return { status: 200, body: { status: 'ok' } };
  },
});

const whoami = route({
  id: 'getWhoami',
  method: 'GET',
  path: '/v1/whoami',
  right: 'read',
  tag: 'About',
  summary: 'Who the caller is and what they may do',
  answers: {
    200: {
      description: 'The caller.',
      schema: schema.whoami,
      example: {
        kind: 'key',
        id: '3f8k2m9q1x7c5v0b',
        name: 'soar-production',
        rights: ['read', 'test'],
        tenants: ['northwind'],
      },
    },
  },
  async handle({ principal: { kind, id, name, rights, tenants } }) {
    return { status: 200, body: { kind, id, name, rights, tenants } };
  },
});

const told = contentTypes.map((type) => ({
  id: type.id,
  label: type.label,
  msgClass: type.msgClass,
  index: type.index,
  permission: type.permission,
  defaultIntervalMinutes: type.defaultIntervalMs / 60_000,
  lateBecause: type.lateBecause,
  costs: type.costs,
  options: [...commonOptions, ...(type.options ?? [])],
}));

const listContentTypes = route({
  id: 'listContentTypes',
  method: 'GET',
  path: '/v1/content-types',
  right: 'read',
  tag: 'About',
  summary: 'What can be collected, and how',
  answers: {
    200: {
      description: 'All content types.',
      schema: schema.contentTypes,
      example: { contentTypes: told.slice(0, 1) },
    },
  },
  async handle() {
    return { status: 200, body: { contentTypes: told } };
  },
});

const openApi = route({
  id: 'getOpenApi',
  method: 'GET',
  path: '/v1/openapi.json',
  right: 'read',
  tag: 'About',
  summary: 'This document',
  answers: { 200: { description: 'OpenAPI 3.0.3.', schema: z.looseObject({ openapi: z.string() }) } },
  async handle({ services }) {
    return { status: 200, body: services.openApi() };
  },
});

/** What the API says about itself and about whoever asks. */
export const metaRoutes: readonly Route[] = [health, whoami, listContentTypes, openApi];
