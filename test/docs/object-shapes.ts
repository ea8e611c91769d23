import type { JsonObject } from '../../shared/json.ts';

/** Objects that have most of their fields in common. */
export interface ObjectShape {
  readonly objects: readonly JsonObject[];
  /** A field that all of these have and no others; undefined where all objects are of one shape. */
  readonly mark: string | undefined;
}

/** Sorts objects that mean the same but come from different interfaces, and so have different fields. */
export function objectShapes(objects: readonly JsonObject[]): readonly ObjectShape[] {
  const shapes: JsonObject[][] = [];
  for (const object of objects) {
    const alike = shapes.find((shape) => shape.some((other) => areAlike(object, other)));
    if (alike === undefined) shapes.push([object]);
    else alike.push(object);
  }
  return shapes.map((own) => ({ objects: own, mark: markOf(own, objects) }));
}

/** More than half of the names of the one with fewer. */
function areAlike(a: JsonObject, b: JsonObject): boolean {
  const names = Object.keys(a);
  const shared = names.filter((name) => Object.hasOwn(b, name)).length;
  return shared * 2 > Math.min(names.length, Object.keys(b).length);
}

function markOf(own: readonly JsonObject[], all: readonly JsonObject[]): string | undefined {
  const others = all.filter((object) => !own.includes(object));
  if (others.length === 0) return undefined;
  return Object.keys(own[0] ?? {}).find(
    (name) =>
      own.every((object) => Object.hasOwn(object, name)) &&
      !others.some((object) => Object.hasOwn(object, name)),
  );
}
