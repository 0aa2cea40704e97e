import type { Requirement, Requirements } from '../../requirements/types.ts';

/** What the frameworks of a job are read from. */
export interface Environment {
  readonly requirements: Requirements;
  /** The Python that they are installed for (`3.12`); undefined while it is not chosen yet. */
  readonly python: string | undefined;
  /** Whether the machine has ARM processors, as those with a GB200 have. */
  readonly arm: boolean;
}

/** A package that is asked for, by itself or by another package. */
export interface Asked extends Pick<Requirement, 'name' | 'specifier' | 'version' | 'nightly' | 'place' | 'variant'> {
  readonly extras: readonly string[];
  readonly implied: boolean;
}

/** The first of the named packages that is asked for. */
export function askedFor({ requirements }: Environment, names: readonly string[]): Asked | undefined {
  for (const name of names) {
    const found = requirements.packages.get(name);
    if (found !== undefined) return { ...found, implied: false };
  }
  return undefined;
}

/** A package that others need, where one of those is asked for and no lock file names everything. */
export function impliedBy(
  { requirements }: Environment,
  name: string,
  by: readonly string[],
  specifier = '',
): Asked | undefined {
  if (requirements.locked) return undefined;
  const [first] = by.flatMap((one) => requirements.packages.get(one) ?? []);
  if (first === undefined) return undefined;
  const { place, nightly } = first;
  return {
    name,
    specifier,
    version: undefined,
    nightly,
    place,
    variant: first.variant,
    extras: [],
    implied: true,
  };
}

/** The CUDA that NVIDIA's own packages bring: `12.5` of nvidia-cuda-runtime-cu12 12.5.82. Undefined unless cuDNN comes too. */
export function broughtCuda({ packages }: Requirements): string | undefined {
  for (const major of ['13', '12', '11']) {
    const runtime = packages.get(`nvidia-cuda-runtime-cu${major}`) ?? packages.get('nvidia-cuda-runtime');
    if (runtime === undefined || !packages.has(`nvidia-cudnn-cu${major}`)) continue;
    return /^\d+\.\d+/.exec(runtime.version ?? '')?.[0] ?? major;
  }
  return undefined;
}
