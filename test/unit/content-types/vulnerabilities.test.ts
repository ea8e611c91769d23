import { describe, expect, it } from 'vitest';
import { vulnerabilities } from '../../../shared/content-types/vulnerabilities.ts';

const window = { from: Date.UTC(2026, 10, 20, 10), to: Date.UTC(2026, 10, 20, 11) };
const install = { id: '1', agentId: '7', name: 'Tool', version: '1.0', cve: { cveId: 'CVE-2025-1' } };

describe('what tells one vulnerability from another', () => {
  it('is the install as well: one application may be on a host twice', () => {
    const identity = vulnerabilities.identity(install, window);
    expect(vulnerabilities.identity({ ...install, id: '2' }, window)).not.toEqual(identity);
    expect(vulnerabilities.identity({ ...install }, window)).toEqual(identity);
  });

  it('is the CVE, and whether it is there or gone', () => {
    const risk = {
      id: '9',
      endpointId: '7',
      application: 'Tool 1.0',
      cveId: 'CVE-2025-1',
      status: 'Detected',
    };
    const identity = vulnerabilities.identity(risk, window);
    expect(vulnerabilities.identity({ ...risk, cveId: 'CVE-2025-2' }, window)).not.toEqual(identity);
    expect(vulnerabilities.identity({ ...risk, status: 'Removed' }, window)).not.toEqual(identity);
  });
});
