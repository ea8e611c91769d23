import type { Draws } from '../../../local/console/world/random.ts';
import type { ApiAnswer, ApiRequest, ListPage, ListParams, SentinelOneApi } from '../../../shared/ports.ts';
import type { Clones } from './clones.ts';

/**
 * How carefully the console reads the filters of a list.
 * - `careful`: as the simulator does.
 * - `strangers`: now and then an answer has records that nobody has asked for.
 * - `deaf`: now and then an answer has everything that there is.
 */
export const carefulness = ['careful', 'strangers', 'deaf'] as const;
export type Carefulness = (typeof carefulness)[number];

const controls = ['limit', 'sortBy', 'sortOrder'];
/** Those that a look or a resolution of targets reads. */
const lists: readonly string[] = ['/agents', '/threats', '/cloud-detection/alerts', '/restrictions'];

/** The real client, with what the simulated console never does put in between: it heeds no filter, and it has cloned endpoints. */
export class OddConsole implements SentinelOneApi {
  /** Set before the first call. */
  client: SentinelOneApi | undefined;
  private readonly carefulness: Carefulness;
  private readonly clones: Clones;
  private readonly random: Draws;

  constructor(how: Carefulness, clones: Clones, random: Draws) {
    this.carefulness = how;
    this.clones = clones;
    this.random = random;
  }

  async list(path: string, params: ListParams, signal?: AbortSignal): Promise<ListPage> {
    const ask = (asked: ListParams) => this.reached().list(path, asked, signal);
    const isOddList = lists.includes(path) && params['cursor'] === undefined;
    const controlsOnly = Object.fromEntries(
      Object.entries(params).filter(([name]) => controls.includes(name)),
    );
    if (isOddList && this.carefulness === 'deaf' && this.random.chance(0.2))
      return this.shown(path, await ask(controlsOnly));
    const page = await ask(params);
    const careful = path === '/agents' ? await this.clones.shownPage(page, params, ask) : page;
    if (!isOddList || this.carefulness !== 'strangers' || this.random.chance(0.5)) return careful;
    const skip = String(this.random.below(200));
    const { data: strangers } = this.shown(path, await ask({ ...controlsOnly, limit: '5', skip }));
    const { data } = careful;
    return { ...careful, data: this.random.chance(0.5) ? [...strangers, ...data] : [...data, ...strangers] };
  }

  request(request: ApiRequest, signal?: AbortSignal): Promise<ApiAnswer> {
    return this.reached().request(request, signal);
  }

  private shown(path: string, page: ListPage): ListPage {
    if (path !== '/agents') return page;
    return { ...page, data: page.data.map((agent) => this.clones.shown(Object(agent))) };
  }

  private reached(): SentinelOneApi {
    if (this.client === undefined) throw new Error('Nobody has connected the console.');
    return this.client;
  }
}
