/**
 * Why a revision exists: it was planned with the record, something touched the record later, or somebody who uses the console
 * did something to it. A deed counts neither as a step nor as a touch: what the world has planned goes on as if it were not there.
 */
export type RevisionKind = 'planned' | 'touch' | 'deed';

const planned = 0;
const touch = 1;
const kinds = { planned, touch, deed: 2 } as const satisfies Readonly<Record<RevisionKind, number>>;

interface Columns {
  readonly us: Float64Array<ArrayBuffer>;
  readonly record: Uint32Array<ArrayBuffer>;
  readonly kind: Uint8Array<ArrayBuffer>;
}

/** Added revisions in the order in which they came. */
interface Waiting {
  readonly us: number[];
  readonly record: number[];
  readonly kind: number[];
}

/**
 * Revisions in the order of (time, record), in typed arrays of about 24 bytes a revision.
 * Added ones are waiting until `merge` puts them in their places.
 */
export class Revisions {
  #us = new Float64Array();
  #record = new Uint32Array();
  #kind = new Uint8Array();
  #step = new Uint16Array();
  #touches = new Uint32Array();
  #next = new Int32Array();
  #first = new Int32Array();
  #waiting: Waiting = { us: [], record: [], kind: [] };

  get length(): number {
    return this.#us.length;
  }

  /** Bytes held by the columns. */
  get byteLength(): number {
    const columns = [this.#us, this.#record, this.#kind, this.#step, this.#touches, this.#next, this.#first];
    return columns.reduce((sum, column) => sum + column.byteLength, 0);
  }

  /** The revision's time, its `updatedAt`, in microseconds. */
  us(row: number): number {
    return this.#us[row] ?? Number.NaN;
  }

  record(row: number): number {
    return this.#record[row] ?? 0;
  }

  /** How many planned revisions of the record came before this one, this one not counted when it is one itself. */
  step(row: number): number {
    return this.#step[row] ?? 0;
  }

  /** How many times the record was touched up to and with this revision. */
  touches(row: number): number {
    return this.#touches[row] ?? 0;
  }

  /** The row of the record's next revision, -1 after the last one. */
  next(row: number): number {
    return this.#next[row] ?? -1;
  }

  /** The row of the record's first revision, -1 where it has none. */
  first(record: number): number {
    return this.#first[record] ?? -1;
  }

  /** The row of the record's last revision at or before this time, -1 where it has none. */
  rowAt(record: number, us: number): number {
    let found = -1;
    for (let row = this.first(record); row >= 0 && this.us(row) <= us; row = this.next(row)) found = row;
    return found;
  }

  /** The first row at or after this time. */
  lowerBound(us: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.us(middle) < us) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  add(us: number, record: number, kind: RevisionKind): void {
    this.#waiting.us.push(us);
    this.#waiting.record.push(record);
    this.#waiting.kind.push(kinds[kind]);
  }

  /** Forgets the touches and deeds after this time; the next `merge` closes the gaps. */
  dropUnplannedAfter(us: number): void {
    const keep: number[] = [];
    for (let row = 0; row < this.length; row++) {
      if (this.#kind[row] === planned || this.us(row) <= us) keep.push(row);
    }
    this.#us = Float64Array.from(keep, (row) => this.us(row));
    this.#record = Uint32Array.from(keep, (row) => this.record(row));
    this.#kind = Uint8Array.from(keep, (row) => this.#kind[row] ?? planned);
  }

  /** Forgets everything at or after this time; the next `merge` numbers what is left. */
  dropFrom(us: number): void {
    const length = this.lowerBound(us);
    this.#us = this.#us.slice(0, length);
    this.#record = this.#record.slice(0, length);
    this.#kind = this.#kind.slice(0, length);
  }

  /** True where revisions were added that have no place yet. */
  get isWaiting(): boolean {
    return this.#waiting.us.length > 0;
  }

  /** Puts the waiting revisions in their places and numbers everything anew. Takes linear time, once they are sorted. */
  merge(): void {
    const added = sorted(this.#waiting);
    this.#waiting = { us: [], record: [], kind: [] };
    const merged = mergeColumns({ us: this.#us, record: this.#record, kind: this.#kind }, added);
    this.#us = merged.us;
    this.#record = merged.record;
    this.#kind = merged.kind;
    this.#number();
  }

  #number(): void {
    const rows = this.length;
    const records = this.#record.reduce((most, record) => Math.max(most, record + 1), 0);
    const first = new Int32Array(records).fill(-1);
    const last = new Int32Array(records).fill(-1);
    const next = new Int32Array(rows).fill(-1);
    const step = new Uint16Array(rows);
    const touches = new Uint32Array(rows);
    for (let row = 0; row < rows; row++) {
      const record = this.record(row);
      const before = last[record] ?? -1;
      if (before < 0) first[record] = row;
      else {
        next[before] = row;
        step[row] = (step[before] ?? 0) + (this.#kind[row] === planned ? 1 : 0);
        touches[row] = (touches[before] ?? 0) + (this.#kind[row] === touch ? 1 : 0);
      }
      last[record] = row;
    }
    this.#first = first;
    this.#next = next;
    this.#step = step;
    this.#touches = touches;
  }
}

function sorted(rows: Waiting): Columns {
  const size = rows.us.length;
  const order = new Uint32Array(size);
  for (let row = 0; row < size; row++) order[row] = row;
  const from = (column: readonly number[], row: number) => column[row] ?? Number.NaN;
  order.sort(
    (a, b) =>
      from(rows.us, a) - from(rows.us, b) ||
      from(rows.record, a) - from(rows.record, b) ||
      from(rows.kind, a) - from(rows.kind, b),
  );
  const us = new Float64Array(size);
  const record = new Uint32Array(size);
  const kind = new Uint8Array(size);
  for (const [place, row] of order.entries()) {
    us[place] = from(rows.us, row);
    record[place] = from(rows.record, row);
    kind[place] = from(rows.kind, row);
  }
  return { us, record, kind };
}

/**
 * Two sorted sets of columns as one. A record has one revision at a time: a touch or a deed that meets another revision of
 * the same record in the same microsecond is left out.
 */
function mergeColumns(a: Columns, b: Columns): Columns {
  const size = a.us.length + b.us.length;
  const us = new Float64Array(size);
  const record = new Uint32Array(size);
  const kind = new Uint8Array(size);
  let length = 0;
  for (let i = 0, j = 0; i < a.us.length || j < b.us.length; ) {
    const fromA = j >= b.us.length || (i < a.us.length && comesFirst(a, i, b, j));
    const source = fromA ? a : b;
    const row = fromA ? i++ : j++;
    const [rowUs, rowRecord] = [at(source.us, row), at(source.record, row)];
    if (length > 0 && us[length - 1] === rowUs && record[length - 1] === rowRecord) continue;
    us[length] = rowUs;
    record[length] = rowRecord;
    kind[length] = at(source.kind, row);
    length++;
  }
  return { us: us.slice(0, length), record: record.slice(0, length), kind: kind.slice(0, length) };
}

function comesFirst(a: Columns, i: number, b: Columns, j: number): boolean {
  const order =
    at(a.us, i) - at(b.us, j) || at(a.record, i) - at(b.record, j) || at(a.kind, i) - at(b.kind, j);
  return order <= 0;
}

function at(column: Float64Array | Uint32Array | Uint8Array, row: number): number {
  return column[row] ?? Number.NaN;
}
