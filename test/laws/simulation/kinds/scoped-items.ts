import type { ContentType } from '../../../../shared/content-types/content-type.ts';
import { oneScope } from '../../../../shared/engine/readings/one-scope.ts';
import type { ListPage, ListParams } from '../../../../shared/ports.ts';
import { refusal } from '../console-trouble.ts';
import { answerList } from '../sim-list.ts';
import { ItemsConsole } from './items.ts';

const accounts = ['a1', 'a2', 'a3'].map((id) => ({ id, updatedAt: '2020-01-01T00:00:00Z' }));

/** Items of an endpoint that takes one account at a time. */
export class ScopedItemsConsole extends ItemsConsole {
  protected override contentType(items: ContentType): ContentType {
    return { ...super.contentType(items), reading: oneScope(items.reading) };
  }

  override async list(path: string, params: ListParams): Promise<ListPage> {
    if (path !== '/accounts' && params['accountIds'] === undefined)
      throw refusal('scope_filter_missing', 'misconfigured', 400);
    return await super.list(path, params);
  }

  protected override answer(path: string, params: ListParams): ListPage {
    if (path === '/accounts') return answerList(accounts, params);
    const { accountIds, ...others } = params;
    const ofAccount = [...this.items.values()].filter(({ id }) => accountOf(id) === accountIds);
    return answerList(ofAccount, others);
  }
}

function accountOf(id: string): string | undefined {
  return accounts[Number(id.slice(1)) % accounts.length]?.id;
}
