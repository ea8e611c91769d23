import { jsonAnswer } from '../answer.ts';
import type { Endpoint } from '../endpoint.ts';
import { refuseUnknown } from '../query.ts';

const none = new Set<string>();

export const systemStatus: Endpoint = {
  method: 'GET',
  path: '/system/status',
  authentication: 'none',
  answer({ query }) {
    refuseUnknown(query, none);
    return jsonAnswer({ data: { health: 'ok' } });
  },
};

export const systemInfo: Endpoint = {
  method: 'GET',
  path: '/system/info',
  authentication: 'token',
  answer({ query }) {
    refuseUnknown(query, none);
    return jsonAnswer({
      data: {
        build: '117',
        latestAgentVersion: '25.1.1.312',
        patch: '2',
        release: 'Tokyo SP2',
        version: 'S-25.1.2#117',
      },
    });
  },
};
