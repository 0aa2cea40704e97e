import { pinned, satisfies } from '../requirements/versions.ts';
import { CUDA, PYTHONS } from './catalog.ts';

/** The Python of an image. */
export interface PythonChoice {
  /** `3.12`, or `3.12.4` where the project takes no other. */
  readonly python: string;
  /** Whether the project and every framework take it. */
  readonly fits: boolean;
}

/** More patch releases than any Python has had. */
const MOST_PATCHES = 40;

/** Whether some release of a minor version (`3.12`) fits a specifier; all do where it is none. */
export function admits(specifier: string | undefined, minor: string): boolean {
  if (specifier === undefined) return true;
  return Array.from({ length: MOST_PATCHES }, (_, patch) => satisfies(`${minor}.${patch}`, specifier)).some(
    (fits) => fits !== false,
  );
}

/**
 * The Python to install: of those that the project's specifier and every framework take, the catalog's default, else the
 * nearest below, else above. Where there is none, what the project wants is taken.
 */
export function choosePython(specifier: string | undefined, taken: readonly (readonly string[])[]): PythonChoice {
  const wanted = PYTHONS.filter((minor) => admits(specifier, minor));
  const fitting = wanted.filter((minor) => taken.every((some) => some.includes(minor)));
  const minor = nearest(fitting) ?? nearest(wanted) ?? CUDA.defaults.python;
  const exact = specifier === undefined ? undefined : pinned(specifier);
  const python = exact !== undefined && /^3\.\d+\.\d+$/.test(exact) ? exact : minor;
  return { python, fits: fitting.length > 0 };
}

function nearest(minors: readonly string[]): string | undefined {
  const wish = PYTHONS.indexOf(CUDA.defaults.python);
  const below = minors.findLast((minor) => PYTHONS.indexOf(minor) <= wish);
  return below ?? minors[0];
}

/** `3.12` of `3.12.4`. */
export const minorPython = (python: string): string => python.split('.').slice(0, 2).join('.');
