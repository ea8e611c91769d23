import type { Fauxqs, Queue, QueuePersistence, SqsStore } from '../fauxqs-internals.ts';

const patched = new WeakSet<object>();

/** Opens the SQLite file in `directory`, loads its queues into `store` and keeps it up to date from then on. */
export function keepQueues(fauxqs: Fauxqs, store: SqsStore, directory: string): QueuePersistence {
  const file = new fauxqs.PersistenceManager(directory);
  allowReadyMessages(file);
  moveMessagesAtOnce(fauxqs);
  // Loading creates the queues anew. If the store kept things already, each would be written again, which deletes
  // its row first, and all its messages with it.
  file.loadSqsAndSns(store, new fauxqs.SnsStore());
  store.persistence = file;
  for (const queue of store.allQueues()) queue.persistence = file;
  return file;
}

/** fauxqs sets the receive count of a message that is made visible again to NULL, which its own table refuses. */
function allowReadyMessages(file: QueuePersistence): void {
  const ready = file.db.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  );
  file.updateMessageReady = (messageId) => {
    ready.run(messageId);
  };
}

/**
 * A receive that moves a message to the dead-letter queue deletes its row and then inserts another one. Without a
 * transaction, a kill in between loses the message.
 */
function moveMessagesAtOnce(fauxqs: Fauxqs): void {
  if (patched.has(fauxqs.SqsQueue)) return;
  patched.add(fauxqs.SqsQueue);
  const dequeue = fauxqs.SqsQueue.prototype.dequeue;
  fauxqs.SqsQueue.prototype.dequeue = function (this: Queue, ...values) {
    const database = this.persistence?.db;
    if (database === undefined) return dequeue.apply(this, values);
    database.exec('BEGIN');
    try {
      const received = dequeue.apply(this, values);
      database.exec('COMMIT');
      return received;
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  };
}
