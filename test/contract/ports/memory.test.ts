import { describe } from 'vitest';
import { MemoryLake } from '../../support/memory/memory-lake.ts';
import { MemoryMemory } from '../../support/memory/memory-memory.ts';
import { MemoryPacing } from '../../support/memory/memory-pacing.ts';
import { MemorySecrets } from '../../support/memory/memory-secrets.ts';
import { MemoryStreams } from '../../support/memory/memory-streams.ts';
import { defineLakeContract } from './lake-contract.ts';
import { defineMemoryContract } from './memory-contract.ts';
import { definePacingContract } from './pacing-contract.ts';
import { defineSecretContract } from './secret-contract.ts';
import { defineStateContract } from './state-contract.ts';

const streams = new MemoryStreams();
const lake = new MemoryLake();
const memory = new MemoryMemory();
const pacing = new MemoryPacing();
const secrets = new MemorySecrets();

describe('the state table in memory', () => {
  defineStateContract(() => ({ streams, dueIndex: streams, connectors: streams }));
});
describe('shared pacing in memory', () => {
  definePacingContract(() => pacing);
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
