import { describe } from 'vitest';
import { MemoryActions } from '../../support/memory/memory-actions.ts';
import { MemoryAudit } from '../../support/memory/memory-audit.ts';
import { MemoryBackfills } from '../../support/memory/memory-backfills.ts';
import { MemoryIsolationCounter } from '../../support/memory/memory-isolation-counter.ts';
import { MemoryKeys } from '../../support/memory/memory-keys.ts';
import { MemoryLake } from '../../support/memory/memory-lake.ts';
import { MemoryMemory } from '../../support/memory/memory-memory.ts';
import { MemoryPacing } from '../../support/memory/memory-pacing.ts';
import { MemoryPolicies } from '../../support/memory/memory-policies.ts';
import { MemoryRegistry } from '../../support/memory/memory-registry.ts';
import { MemorySecrets } from '../../support/memory/memory-secrets.ts';
import { MemoryStatus } from '../../support/memory/memory-status.ts';
import { MemoryStreams } from '../../support/memory/memory-streams.ts';
import { MemoryTests } from '../../support/memory/memory-tests.ts';
import { defineActionContract } from './action-contract.ts';
import { defineAuditContract } from './audit-contract.ts';
import { defineBackfillContract } from './backfill-contract.ts';
import { defineControlContract } from './control-contract.ts';
import { defineIsolationContract } from './isolation-contract.ts';
import { defineKeyContract } from './key-contract.ts';
import { defineLakeContract } from './lake-contract.ts';
import { defineMemoryContract } from './memory-contract.ts';
import { definePacingContract } from './pacing-contract.ts';
import { definePartContract } from './part-contract.ts';
import { definePolicyContract } from './policy-contract.ts';
import { defineRegistryContract } from './registry-contract.ts';
import { defineSecretContract } from './secret-contract.ts';
import { defineStateContract } from './state-contract.ts';
import { defineStatusContract } from './status-contract.ts';
import { defineTestStoreContract } from './test-store-contract.ts';

const streams = new MemoryStreams();
const backfills = new MemoryBackfills();
const keys = new MemoryKeys();
const lake = new MemoryLake();
const memory = new MemoryMemory();
const pacing = new MemoryPacing();
const actions = new MemoryActions();
const policies = new MemoryPolicies();
const isolations = new MemoryIsolationCounter();
const secrets = new MemorySecrets();
const registry = new MemoryRegistry();
const tests = new MemoryTests();
const status = new MemoryStatus(streams, tests);
const audit = new MemoryAudit();

describe('the state table in memory', () => {
  defineStateContract(() => ({ streams, dueIndex: streams, connectors: streams }));
});
describe('streams of the past in memory', () => {
  definePartContract(() => ({ streams, dueIndex: streams, connectors: streams }));
});
describe('the jobs in memory', () => {
  defineBackfillContract(() => backfills);
});
describe('the API keys in memory', () => {
  defineKeyContract(() => keys);
});
describe('shared pacing in memory', () => {
  definePacingContract(() => pacing);
});
describe('the actions in memory', () => {
  defineActionContract(() => actions);
});
describe('the response policies in memory', () => {
  definePolicyContract(() => policies);
});
describe('the limit of isolations in memory', () => {
  defineIsolationContract(() => isolations);
});
describe('what readings remember in memory', () => {
  defineMemoryContract(() => memory);
});
describe('the landing zone in memory', () => {
  defineLakeContract(() => lake);
});
describe('the secret store in memory', () => {
  defineSecretContract(() => secrets);
});
describe('the connectors in memory', () => {
  defineRegistryContract(() => registry);
});
describe('stream control in memory', () => {
  defineControlContract(() => ({ control: streams, connectors: streams, dueIndex: streams, streams }));
});
describe('the tests of connectors in memory', () => {
  defineTestStoreContract(() => tests);
});
describe('the state of connectors in memory', () => {
  defineStatusContract(() => ({ status, connectors: streams, control: streams, tests }));
});
describe('the audit trail in memory', () => {
  defineAuditContract(() => ({ audit, kept: async () => audit.records }));
});
