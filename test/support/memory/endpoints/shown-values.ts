/** A value that a console has shown, and from when on (epoch milliseconds, the true time). */
interface Shown {
  readonly at: number;
  readonly value: string;
}

/** Every value that the fields of a console's records have ever had: what evidence is checked against. */
export class ShownValues {
  private readonly values = new Map<string, Shown[]>();

  note(id: string, field: string, value: string, at: number): void {
    const key = `${id} ${field}`;
    const known = this.values.get(key);
    if (known === undefined) this.values.set(key, [{ at, value }]);
    else if (known.at(-1)?.value !== value) known.push({ at, value });
  }

  /** True where the field had the value at some moment of [from, to]. */
  wasShown(id: string, field: string, value: string, from: number, to: number): boolean {
    const known = this.values.get(`${id} ${field}`) ?? [];
    return known.some((shown, index) => {
      const until = known[index + 1]?.at ?? Number.POSITIVE_INFINITY;
      return shown.value === value && shown.at <= to && until >= from;
    });
  }
}
