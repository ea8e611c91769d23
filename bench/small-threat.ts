import { isObject, type JsonObject } from '../shared/json.ts';
import { recordTexts } from './record-texts.ts';

const mostBytes = 2_000;

/**
 * Makes texts of threats of 2 KB: a simulated threat, cut down by leaving out what does not fit.
 * @returns a function of the id and the time of the last change, epoch milliseconds
 */
export function smallThreat(): (id: string, updatedAt: number) => string {
  const [text = ''] = recordTexts('threats', 1);
  const threat: JsonObject = JSON.parse(text);
  const small = {
    id: '@id',
    threatInfo: { updatedAt: '@at' } as Record<string, unknown>,
    agentRealtimeInfo: {} as Record<string, unknown>,
  };
  for (const part of ['threatInfo', 'agentRealtimeInfo'] as const) {
    const fields = threat[part];
    if (!isObject(fields)) continue;
    for (const [name, value] of Object.entries(fields)) {
      if (name === 'updatedAt') continue;
      small[part][name] = value;
      if (JSON.stringify(small).length > mostBytes) delete small[part][name];
    }
  }
  const template = JSON.stringify(small);
  return (id, updatedAt) => template.replace('@id', id).replace('@at', new Date(updatedAt).toISOString());
}
