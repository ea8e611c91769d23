/** What a resource of the template is called in the embedded stack. */
export interface ResourceNames {
  /** What `Ref` gives, e.g. a queue's URL. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives, by attribute name. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Scope {
  /** Pseudo parameters and parameters, e.g. `AWS::Region`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly resources: ReadonlyMap<string, ResourceNames>;
}

/**
 * Replaces the intrinsic functions in a value of the template. Throws for a function or a name that it does not know:
 * a guess would build another stack than the one that is deployed.
 */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) {
    const [name, argument] = only;
    if (name === 'Ref') return resolveRef(String(argument), scope);
    if (name.startsWith('Fn::')) return resolveFunction(name, argument, scope);
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, resolve(item, scope)]));
}

function resolveRef(name: string, scope: Scope): string {
  const value = scope.parameters[name] ?? scope.resources.get(name)?.ref;
  if (value === undefined)
    throw new Error(`The template refers to ${name}, which the embedded stack does not have.`);
  return value;
}

function resolveFunction(name: string, argument: unknown, scope: Scope): string {
  switch (name) {
    case 'Fn::GetAtt': {
      const [resource, attribute] = Array.isArray(argument)
        ? argument.map(String)
        : String(argument).split('.');
      const value = scope.resources.get(resource ?? '')?.attributes[attribute ?? ''];
      if (value === undefined) {
        throw new Error(
          `The template asks for ${resource}.${attribute}, which the embedded stack does not have.`,
        );
      }
      return value;
    }
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map((part) => String(resolve(part, scope))).join(separator);
    }
    case 'Fn::Sub': {
      if (typeof argument !== 'string')
        throw new Error('The embedded mode knows Fn::Sub with a plain text only.');
      return argument.replaceAll(/\$\{([^}]+)\}/g, (_, reference: string) =>
        reference.includes('.')
          ? resolveFunction('Fn::GetAtt', reference.split('.'), scope)
          : resolveRef(reference, scope),
      );
    }
    default:
      throw new Error(
        `The template uses ${name}, which the embedded mode does not know; teach it to ${import.meta.filename}.`,
      );
  }
}
