import { holds, type Marker, parseMarker, type Scope } from '../pep/markers.ts';

/** A package of a lock file. */
export interface Locked {
  readonly name: string;
  readonly version: string | undefined;
  /** Where its table begins in the file. */
  readonly line: number;
  readonly dependencies: readonly Edge[];
  /** What an extra of it brings, by its normalised name. */
  readonly optional: ReadonlyMap<string, readonly Edge[]>;
  /** Where it comes from, as the lock file writes it. */
  readonly source: Readonly<Record<string, string>>;
  /** Whether it belongs to the environment that is read for; of several packages of one name only some do. */
  readonly fits: boolean;
}

/** What a package, or the project, needs. */
export interface Edge {
  readonly name: string;
  readonly extras: readonly string[];
  readonly marker: string | undefined;
  /** Which of several packages of this name is meant; undefined where any that fits is. */
  readonly means: ((one: Locked) => boolean) | undefined;
}

/** The packages that are reached from some edges, each with the extras that are asked of it. */
export function reached<P extends Locked>(
  packages: readonly P[],
  roots: readonly Edge[],
  scope: Scope,
): Map<P, Set<string>> {
  const byName = Map.groupBy(packages, ({ name }) => name);
  const markers = new Map<string, Marker | undefined>();
  const applies = (text: string | undefined) => {
    if (text === undefined) return true;
    if (!markers.has(text)) markers.set(text, parseMarker(text));
    const marker = markers.get(text);
    return marker === undefined || holds(marker, scope) !== false;
  };
  const found = new Map<P, Set<string>>();
  const queue: Edge[] = [...roots];
  for (let edge = queue.pop(); edge !== undefined; edge = queue.pop()) {
    if (!applies(edge.marker)) continue;
    const candidates = byName.get(edge.name) ?? [];
    const means = edge.means ?? (({ fits }: Locked) => fits);
    const meant = candidates.length < 2 ? candidates : candidates.filter(means);
    for (const one of meant) for (const next of visit(one, edge.extras, found)) queue.push(next);
  }
  return found;
}

/** What is newly wanted by a visit: the package's own needs at the first one, those of each extra once. */
function visit<P extends Locked>(one: P, extras: readonly string[], found: Map<P, Set<string>>): Edge[] {
  const known = found.get(one);
  const active = known ?? new Set<string>();
  const news = extras.filter((extra) => !active.has(extra));
  for (const extra of news) active.add(extra);
  found.set(one, active);
  const more = news.flatMap((extra) => one.optional.get(extra) ?? []);
  return known === undefined ? [...one.dependencies, ...more] : more;
}
