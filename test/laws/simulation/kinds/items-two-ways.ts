import type { ContentType } from '../../../../shared/content-types/content-type.ts';
import { alternatives } from '../../../../shared/engine/readings/alternatives.ts';
import { windowed } from '../../../../shared/engine/readings/windowed.ts';
import type { ListPage, ListParams } from '../../../../shared/ports.ts';
import { refusal } from '../console-trouble.ts';
import { ItemsConsole } from './items.ts';

/** Items that can be had in two ways, of which the better one is closed in some worlds. */
export class ItemsTwoWaysConsole extends ItemsConsole {
  private readonly isClosed = this.options.random.chance(0.5);

  protected override contentType(items: ContentType): ContentType {
    const { pageSize } = this.options;
    const better = windowed({ path: '/better', timeField: 'updatedAt', pageSize });
    return {
      ...super.contentType(items),
      reading: alternatives({ ways: { better, plain: items.reading }, auto: ['better', 'plain'] }),
    };
  }

  override async list(path: string, params: ListParams): Promise<ListPage> {
    if (path === '/better' && this.isClosed) throw refusal('permission_missing', 'permission', 403);
    return await super.list(path, params);
  }
}
