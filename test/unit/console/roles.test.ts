import { describe, expect, it } from 'vitest';
import type { RunningConsole } from '../../../local/console/console.ts';
import { get, openConsole, vendorError } from './support.ts';

async function userOf(console: RunningConsole, token: string) {
  return JSON.parse((await get(console, '/user', {}, token)).text).data;
}

async function roleOf(console: RunningConsole, token: string) {
  const [{ roleId }] = (await userOf(console, token)).scopeRoles;
  return JSON.parse((await get(console, `/rbac/role/${roleId}`, {}, token)).text).data;
}

/** What a role lets do, as `Threats.kill`. */
function granted(role: {
  readonly pages: readonly {
    readonly name: string;
    readonly permissions: readonly { readonly identifier: string; readonly value: boolean }[];
  }[];
}): readonly string[] {
  return role.pages.flatMap(({ name, permissions }) =>
    permissions.filter(({ value }) => value).map(({ identifier }) => `${name}.${identifier}`),
  );
}

describe('the role of a token', () => {
  it('lets an administrator act and a viewer look', async () => {
    const console = await openConsole();
    const { admin, viewer } = console.tokens;
    const [ofAdmin, ofViewer] = [await roleOf(console, admin), await roleOf(console, viewer)];
    expect([ofAdmin.name, ofViewer.name]).toEqual(['Admin', 'Viewer']);
    expect(granted(ofAdmin)).toEqual(expect.arrayContaining(['Threats.kill', 'Threats.view']));
    expect(granted(ofViewer).every((permission) => permission.endsWith('.view'))).toBe(true);
    expect(ofAdmin.pages[0].permissions[1]).toMatchObject({
      identifier: 'disconnectFromNetwork',
      title: 'Disconnect From Network',
    });
  });

  it('lacks what the token is refused', async () => {
    const console = await openConsole({ limits: { refused: ['Rogues.view'] } });
    expect(granted(await roleOf(console, console.tokens.limited))).not.toContain('Rogues.view');
    expect(granted(await roleOf(console, console.tokens.viewer))).toContain('Rogues.view');
  });

  it('is not to be seen without Roles.view, and no other role is to be seen at all', async () => {
    const console = await openConsole({ limits: { refused: ['Roles.view'] } });
    const { admin, viewer, limited } = console.tokens;
    const [{ roleId }] = (await userOf(console, limited)).scopeRoles;
    const refused = await get(console, `/rbac/role/${roleId}`, {}, limited);
    expect([refused.status, vendorError(refused).code]).toEqual([403, 4_030_010]);
    const [{ roleId: ofViewer }] = (await userOf(console, viewer)).scopeRoles;
    expect((await get(console, `/rbac/role/${ofViewer}`, {}, admin)).status).toBe(404);
  });

  it('cannot be told by the checks that the vendor has for it', async () => {
    const console = await openConsole();
    for (const token of [console.tokens.admin, console.tokens.viewer]) {
      expect((await get(console, '/users/viewer-auth-check', {}, token)).status).toBe(200);
      expect((await get(console, '/users/tenant-admin-auth-check', {}, token)).status).toBe(403);
    }
  });

  it('belongs to the scope by its name', async () => {
    const console = await openConsole();
    expect(await userOf(console, console.tokens.siteScoped)).toMatchObject({
      scope: 'site',
      scopeRoles: [{ name: 'Rotterdam', roleName: 'Viewer' }],
    });
    expect(await userOf(console, console.tokens.admin)).toMatchObject({
      scope: 'tenant',
      scopeRoles: [{ name: 'Global', roleName: 'Admin' }],
    });
  });
});
