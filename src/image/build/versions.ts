/** A program's version. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  /** As the program tells it. */
  readonly text: string;
}

/** The first version number in what a program says of itself, such as `Docker version 28.2.2, build …`. */
export function parseVersion(output: string): Version | undefined {
  const found = /\bv?(\d{1,6})\.(\d{1,6})(?:\.\d[\w.+-]*|[\w.+-]*)/.exec(output);
  if (found === null) return undefined;
  return { major: Number(found[1]), minor: Number(found[2]), text: found[0].replace(/^v/, '') };
}

/** Whether a version is that or later. */
export function atLeast(version: Version, major: number, minor = 0): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}

/** What `docker buildx inspect` tells of a builder. */
export interface InspectedBuilder {
  readonly driver: string;
  /** BuildKit's version on its first node; empty where it is not told. */
  readonly buildkit: string;
  /** Of all nodes together. */
  readonly platforms: readonly string[];
}

/** Reads the output of `docker buildx inspect`; undefined where it names no driver, or a node is in error. */
export function parseBuilder(lines: readonly string[]): InspectedBuilder | undefined {
  const fields = lines.flatMap((line) => {
    const found = /^([A-Z][\w ]*):\s+(\S.*)$/.exec(line);
    return found === null ? [] : [[found[1] ?? '', (found[2] ?? '').trim()] as const];
  });
  const all = (...names: string[]) => fields.flatMap(([name, value]) => (names.includes(name) ? [value] : []));
  const driver = all('Driver')[0];
  if (driver === undefined || all('Error').length > 0) return undefined;
  // An asterisk marks a platform that the user has set.
  const platforms = all('Platforms').flatMap((list) => list.split(',').map((each) => each.trim().replace(/\*$/, '')));
  return { driver, buildkit: all('BuildKit version', 'Buildkit')[0] ?? '', platforms: [...new Set(platforms)] };
}

/** Whether the engine's image store is containerd's, from the JSON of `docker info`'s DriverStatus. */
export function storesInContainerd(driverStatus: string): boolean {
  return driverStatus.includes('io.containerd.snapshotter.v1');
}
