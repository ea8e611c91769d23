import * as z from 'zod/mini';
import { type Route, route } from '../route.ts';
import * as schema from '../schemas/action.ts';

/** What can be asked for. */
const list = route({
  id: 'listActionTypes',
  method: 'GET',
  path: '/v1/action-types',
  right: 'read',
  tag: 'Actions',
  summary: 'List what can be done',
  description:
    'Every action with its parameters as JSON Schema, what it takes, what `done` means, and the way back.',
  answers: {
    200: {
      description: 'All actions.',
      schema: schema.actionTypeList,
      example: {
        actionTypes: [
          {
            id: 'contain',
            title: 'Isolate from the network',
            description: 'Takes endpoints off the network; their agents still talk to the console.',
            target: 'agent',
            danger: 'isolating',
            permission: 'Endpoints.disconnectFromNetwork',
            parameters: { type: 'object', properties: {}, additionalProperties: false },
            example: {},
            doneWhen: "The agent's networkStatus is disconnected.",
            typicalSeconds: 60,
            timeoutMinutes: 30,
            revertedBy: ['release'],
          },
        ],
      },
    },
  },
  async handle({ services }) {
    const actionTypes = services.actionTypes.map((type) => ({
      id: type.id,
      title: type.title,
      description: type.description,
      target: type.target,
      danger: type.danger,
      permission: type.permission,
      parameters: z.toJSONSchema(type.parameters, { io: 'input', unrepresentable: 'any' }),
      example: type.example,
      doneWhen: type.doneWhen,
      typicalSeconds: type.typicalSeconds,
      timeoutMinutes: type.timeoutMinutes,
      revertedBy: type.revertedBy,
    }));
    return { status: 200, body: { actionTypes } };
  },
});

/** The catalogue of response actions. */
export const actionTypeRoutes: readonly Route[] = [list];
