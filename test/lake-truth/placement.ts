/** How the records of a content type lie in the lake. */
export interface Placement {
  /** The console says which revision a record is; else the window does in which it was read, and the content tells. */
  readonly hasRevision: boolean;
  /** A record lies in the hour of its own time, and not in that of the walk that brought it. */
  readonly isByTime: boolean;
}

const usual: Placement = { hasRevision: true, isByTime: true };

const placements: Readonly<Record<string, Placement>> = {};

export function placementOf(contentType: string): Placement {
  return placements[contentType] ?? usual;
}
