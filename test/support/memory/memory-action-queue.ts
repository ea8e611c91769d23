import type { ActionPlace } from '../../../shared/actions/run/action.ts';
import type { ActionQueue } from '../../../shared/actions/run/action-message.ts';

/** The messages that were sent, oldest first. */
export class MemoryActionQueue implements ActionQueue {
  readonly sent: { readonly place: ActionPlace; readonly delaySeconds: number }[] = [];

  async send(places: readonly ActionPlace[], delaySeconds: number): Promise<void> {
    for (const { tenant, connector, id } of places)
      this.sent.push({ place: { tenant, connector, id }, delaySeconds });
  }
}
