import type { Draws } from '../../../local/console/world/random.ts';
import { ConnectorError } from '../../../shared/errors.ts';
import type { ListPage, ListParams } from '../../../shared/ports.ts';
import { cursorRefused, throttled } from '../../support/memory/memory-console.ts';
import type { Faults } from './faults.ts';
import { answerGap } from './sim-list.ts';

const retryAfters = [{ ms: undefined }, { ms: 1_000 }, { ms: 7_000 }, { ms: 60_000 }];

/** What may happen to a request in place of the right answer: throws, or gives another answer; undefined for nothing. */
export function troubleInstead(faults: Faults, random: Draws, params: ListParams): ListPage | undefined {
  if (faults.strikes('throttle')) throw throttled(random.pick(retryAfters).ms);
  if (faults.strikes('longThrottle')) throw throttled(20 * 60_000);
  if (faults.strikes('unavailable')) throw refusal('unavailable', 'unavailable', 503);
  if (faults.strikes('cutBody')) throw refusal('response_cut', 'unavailable', 200);
  if (params['cursor'] !== undefined && faults.strikes('refuseCursor')) throw cursorRefused();
  if (Number(params['limit']) > 1 && faults.strikes('tooLarge'))
    throw refusal('response_too_large', 'unavailable', 200);
  if (faults.strikes('emptyPage')) return answerGap(params, random.next());
  return undefined;
}

export function refusal(code: string, health: ConnectorError['health'], httpStatus: number): ConnectorError {
  return new ConnectorError({
    code,
    message: `The console failed: ${code}.`,
    health,
    retryable: health === 'unavailable',
    recommendation: 'None.',
    httpStatus,
  });
}
