import { parse } from 'smol-toml';
import type { FileView } from '../../../../inputs/files.ts';
import { isRecord } from '../../../../json.ts';
import { joined } from '../../../code/paths.ts';

/** What pyproject.toml says of the program itself. */
export interface Project {
  /** It can be installed as a package: a [build-system] is declared, and nothing says that there is no package. */
  readonly installs: boolean;
  /** Fields that its build backend fills in: `version`, `dependencies`. */
  readonly dynamic: readonly string[];
  /** Console scripts by name, each with its `module:function`. */
  readonly scripts: ReadonlyMap<string, string>;
  /** Import names of its packages, the likeliest first. */
  readonly packages: readonly string[];
}

const NONE: Project = { installs: false, dynamic: [], scripts: new Map(), packages: [] };

/** Reads pyproject.toml of the context. A file that is missing or broken says nothing: its faults are told elsewhere. */
export function readProject(files: FileView, context: string): Project {
  const text = files.text(joined(context, 'pyproject.toml'));
  if (text === undefined) return NONE;
  try {
    return projectOf(parse(text));
  } catch {
    return NONE;
  }
}

function projectOf(root: unknown): Project {
  const project = tableAt(root, 'project');
  const poetry = tableAt(root, 'tool', 'poetry');
  const packaged = tableAt(root, 'tool', 'uv')['package'] !== false && poetry['package-mode'] !== false;
  const dynamic = listAt(root, 'project', 'dynamic');
  return {
    installs: packaged && Object.keys(tableAt(root, 'build-system')).length > 0,
    dynamic: dynamic.filter((field) => typeof field === 'string'),
    scripts: scriptsOf({ ...tableAt(poetry, 'scripts'), ...tableAt(project, 'scripts') }),
    packages: packagesOf(root, [project['name'], poetry['name']]),
  };
}

function scriptsOf(table: Readonly<Record<string, unknown>>): Map<string, string> {
  const scripts = new Map<string, string>();
  for (const [name, target] of Object.entries(table)) {
    if (/^[\w][\w.-]*$/.test(name) && typeof target === 'string') scripts.set(name, target);
  }
  return scripts;
}

/** Packages that build backends are told of, then the one that has the project's own name. */
function packagesOf(root: unknown, names: readonly unknown[]): string[] {
  const poetry = listAt(root, 'tool', 'poetry', 'packages').map((each) => (isRecord(each) ? each['include'] : each));
  const setuptools = listAt(root, 'tool', 'setuptools', 'packages');
  const hatch = listAt(root, 'tool', 'hatch', 'build', 'targets', 'wheel', 'packages');
  const named = names.map((name) => (typeof name === 'string' ? name.replace(/[-.]+/g, '_') : name));
  const found = [...poetry, ...setuptools, ...hatch, ...named].flatMap((name) =>
    typeof name === 'string' ? [name.replace(/^src\//, '')] : [],
  );
  return [...new Set(found.flatMap((name) => [name, name.toLowerCase()]))].filter((name) =>
    /^[A-Za-z_]\w*$/.test(name),
  );
}

function at(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    root,
  );
}

function tableAt(root: unknown, ...path: readonly string[]): Readonly<Record<string, unknown>> {
  const value = at(root, path);
  return isRecord(value) ? value : {};
}

function listAt(root: unknown, ...path: readonly string[]): readonly unknown[] {
  const value = at(root, path);
  return Array.isArray(value) ? value : [];
}
