import type { StreamId } from '../../../shared/engine/stream.ts';
import { apiWorld, goodConnector, type TestCall } from '../../support/api-world.ts';

/** The API with one connector, as an admin sees it. */
export async function connectorWorld(changes: object = {}) {
  const world = apiWorld();
  const key = await world.key();
  const as = (method: string, path: string, sent: TestCall = {}) =>
    world.call(method, path, { key, ...sent });
  const created = await as('POST', '/v1/connectors', { body: { ...goodConnector, ...changes } });
  if (created.status !== 201) throw new Error(`The connector was not created: ${created.body}`);
  const id = String(created.json['id']);
  const path = `/v1/connectors/${id}`;
  const [tenant = '', connector = ''] = id.split('.');

  return {
    ...world,
    key,
    id,
    path,
    created,
    /** A call with the admin's key. */
    as,
    /** A call about the connector with the admin's key. */
    on: (method: string, rest: string, sent: TestCall = {}) => as(method, `${path}${rest}`, sent),
    /** Its streams as they are stored. */
    stored: () => world.streams.streams(tenant, connector),
    streamId: (contentType: string): StreamId => ({ tenant, connector, contentType }),
    /** Its stream, as a worker has left it. */
    async worked(contentType: string, change: object): Promise<void> {
      const row = world.streams.rows.get(`${tenant}/${connector}/${contentType}`);
      if (row === undefined) throw new Error(`There is no stream of ${contentType}.`);
      row.stream = { ...row.stream, ...change };
    },
    secret: () => world.secrets.values.get(`${tenant}/${connector}`),
  };
}

/** The body of a PUT that says what the creation has said, without the token. */
export const sameSettings = (() => {
  const { apiToken: _, ...settings } = goodConnector;
  return settings;
})();
