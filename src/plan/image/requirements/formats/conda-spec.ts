import { normalName } from '../pep/names.ts';
import { fromConda, parseVersion } from '../versions.ts';

/** One of conda's match specifications, such as `pytorch::pytorch=2.1=*cuda12.1*`. */
export interface CondaSpec {
  /** As PyPI names the package, where that is a framework under another name. */
  readonly name: string;
  readonly channel: string | undefined;
  /** PEP 440; undefined where the version is none. */
  readonly specifier: string | undefined;
  /** The version, where it is written in full. */
  readonly version: string | undefined;
  readonly variant: string | undefined;
}

/** Frameworks that conda's channels name otherwise than PyPI does. */
const NAMES: Readonly<Record<string, { readonly name: string; readonly variant?: string }>> = {
  pytorch: { name: 'torch' },
  'pytorch-gpu': { name: 'torch' },
  'pytorch-cpu': { name: 'torch', variant: 'cpu' },
  'tensorflow-gpu': { name: 'tensorflow' },
  'tensorflow-cpu': { name: 'tensorflow', variant: 'cpu' },
  'tensorflow-mkl': { name: 'tensorflow', variant: 'cpu' },
  'tensorflow-eigen': { name: 'tensorflow', variant: 'cpu' },
  'keras-gpu': { name: 'keras' },
  'py-xgboost': { name: 'xgboost' },
  'py-xgboost-gpu': { name: 'xgboost' },
  'py-xgboost-cpu': { name: 'xgboost', variant: 'cpu' },
  pyg: { name: 'torch-geometric' },
  'pytorch-scatter': { name: 'torch-scatter' },
  'pytorch-sparse': { name: 'torch-sparse' },
  'pytorch-cluster': { name: 'torch-cluster' },
};

/** Parses a specification as `conda env create` takes it; undefined where it begins with no name. */
export function condaSpec(written: string): CondaSpec | undefined {
  if (written.length > 1024) return undefined;
  const [, channel, rest = ''] = /^(?:([^\s:[]+)::?)?(.*)$/s.exec(written.trim()) ?? [];
  const [, package_, tail = ''] = /^([\w.-]+)\s*(.*)$/s.exec(rest) ?? [];
  if (package_ === undefined) return undefined;
  const { version, build } = tail.startsWith('[') ? bracketed(tail) : plain(tail);
  const own = normalName(package_);
  const known = Object.hasOwn(NAMES, own) ? NAMES[own] : undefined;
  const full = /^={0,2}\s*(\d+(?:\.\d+){2,}\S*)$/.exec(version)?.[1];
  return {
    name: known?.name ?? own,
    channel: channel?.replace(/\/(?:linux-64|linux-aarch64|noarch)$/, ''),
    specifier: fromConda(version),
    version: full !== undefined && parseVersion(full) !== undefined ? full : undefined,
    variant: variantOfBuild(build) ?? known?.variant,
  };
}

interface VersionBuild {
  /** With its operator: `=2.1`, `2.1`, `>=2,<3`. */
  readonly version: string;
  readonly build: string;
}

/** `[version='>=2.1', build=*cuda*]` */
function bracketed(text: string): VersionBuild {
  const value = (key: string) =>
    new RegExp(`[[,]\\s{0,8}${key}\\s{0,8}=\\s{0,8}(?:"([^"]*)"|'([^']*)'|([^,\\]]*))`)
      .exec(text)
      ?.slice(1)
      .find((one) => one !== undefined);
  return { version: value('version') ?? '', build: value('build') ?? '' };
}

/** `=2.1`, `==2.1.0`, `=2.1.0=py310_0`, `2.1.0 py310_0`, `>=2.1, <3` */
function plain(text: string): VersionBuild {
  const [, operator = '', exact, build] = /^(==?)\s*([^\s=,|<>!]+)(?:\s*=\s*|\s+)(\S+)$/.exec(text) ?? [];
  if (exact !== undefined && build !== undefined)
    return { version: `==${exact.replace(/^\*$/, '')}`.replace(/^==$/, ''), build: operator && build };
  const [version = '', other = ''] = text.replace(/\s*([,|<>=!~]+)\s*/g, '$1').split(/\s+/);
  return { version, build: other };
}

/** `py3.10_cuda12.1_cudnn8_0`, `cuda118py310h…`, `cpu_mkl_py312…` */
export function variantOfBuild(build: string): string | undefined {
  const [, major, minor] = /cuda_?(\d{2})\.?(\d)/.exec(build) ?? [];
  if (major !== undefined && minor !== undefined) return `cu${major}${minor}`;
  return /(?:^|[_*])cpu/.test(build) ? 'cpu' : undefined;
}
