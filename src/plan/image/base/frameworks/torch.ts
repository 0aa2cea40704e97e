import { variantOfIndex } from '../../requirements/variants.ts';
import { pickVersion, satisfies } from '../../requirements/versions.ts';
import { CUDA, kernelsOf, pythonsOf, type TorchRow } from '../catalog.ts';
import type { Framework } from '../types.ts';
import { type Asked, askedFor, type Environment, impliedBy } from './environment.ts';
import { findRelease, type Release, rowsWith } from './release.ts';

/** The torch of an environment: its wheels bring CUDA and cuDNN, in the variant that the index or version names. */
export function readTorch(environment: Environment): Framework | undefined {
  const asked = askedFor(environment, ['torch', 'pytorch', 'pytorch-gpu']) ?? impliedTorch(environment);
  if (asked === undefined) return undefined;
  const told = asked.variant;
  const cuda = told === undefined ? undefined : cudaOfVariant(told);
  const rows = cuda === undefined ? CUDA.torch : rowsWith(CUDA.torch, (row) => hasVariant(row, cuda));
  const release = findRelease(asked.version === undefined ? rows : CUDA.torch, asked, environment.python);
  if (told !== undefined && cuda === undefined) return withoutCuda(release, asked, told);
  const chosen = cuda ?? indexCuda(environment, release.row);
  return withCuda(release, asked, chosen, environment.arm);
}

/** `12.8` of `cu128`; undefined for a build without NVIDIA's CUDA (`cpu`, `rocm6.3`, `xpu`). */
export function cudaOfVariant(variant: string): string | undefined {
  const digits = /^cu(\d+)(\d)$/.exec(variant);
  return digits === null ? undefined : `${digits[1]}.${digits[2]}`;
}

/** `cu128` of `12.8`. */
export const variantOf = (cuda: string): string => `cu${cuda.replace('.', '')}`;

/** The variants of the newest release are not all known: those of the release before are taken for it. */
export function variantsOf(row: TorchRow): TorchRow['cuda'] {
  const before = row === CUDA.torch[0] ? CUDA.torch[1]?.cuda : undefined;
  return { ...before, ...row.cuda };
}

const hasVariant = (row: TorchRow, cuda: string) => cuda in variantsOf(row);

/** pip takes an index's build over PyPI's of the same version, since its local part makes it the higher one. */
function indexCuda({ requirements }: Environment, row: TorchRow | undefined): string | undefined {
  const named = requirements.indexes.flatMap((url) => cudaOfVariant(variantOfIndex(url) ?? '') ?? []);
  return row === undefined ? undefined : named.find((cuda) => hasVariant(row, cuda));
}

function withoutCuda({ row, version, known }: Release<TorchRow>, { place }: Asked, index: string): Framework {
  const pythons = row && pythonsOf(row);
  const none = { cuda: undefined, cudnn: undefined, source: 'none', kernels: undefined } as const;
  return { name: 'torch', version, known, ...none, pythons, index, place };
}

function withCuda(release: Release<TorchRow>, asked: Asked, chosen: string | undefined, arm: boolean): Framework {
  const { row, version, known } = release;
  const pypi = row === undefined ? undefined : arm ? row.pypiArm : row.pypi;
  if (chosen === undefined && pypi === null) return { ...withoutCuda(release, asked, 'cpu'), index: undefined };
  const cuda = chosen ?? pypi ?? undefined;
  const variant = row && cuda ? variantsOf(row)[cuda] : undefined;
  return {
    name: 'torch',
    version,
    known: row !== undefined && cuda !== undefined && variant === undefined ? 'assumed' : known,
    cuda,
    cudnn: variant?.[0] ?? undefined,
    source: 'wheels',
    kernels: arm ? kernelsOf(CUDA.torchArm[cuda ?? '']) : kernelsOf(variant?.[1]),
    pythons: row && pythonsOf(row),
    index: chosen === undefined ? undefined : variantOf(chosen),
    place: asked.place,
  };
}

/** The torch that other packages bring: the one that torchvision, torchaudio or lightning ask for, else any. */
function impliedTorch(environment: Environment): Asked | undefined {
  const { packages } = environment.requirements;
  const transformers = packages.get('transformers')?.extras.includes('torch') ? ['transformers'] : [];
  const specifiers = ['torchvision', 'torchaudio', 'lightning', 'pytorch-lightning'].flatMap((name) => {
    const found = packages.get(name);
    return found === undefined ? [] : (torchFor(name, found.version ?? newestOf(name, found.specifier)) ?? []);
  });
  const specifier = specifiers.filter((one) => one !== '').join(',');
  return impliedBy(environment, 'torch', [...CUDA.needsTorch, ...transformers], specifier);
}

function newestOf(name: string, specifier: string): string | undefined {
  return pickVersion(specifier, Object.keys(companionsOf(name)));
}

/** Releases of a package that asks for a certain torch, each with what it asks for. */
export function companionsOf(name: string): Readonly<Record<string, string>> {
  if (name === 'torchvision') return CUDA.torchvision;
  if (name === 'torchaudio') return CUDA.torchaudio;
  return Object.fromEntries(CUDA.lightning);
}

/** The torch that a release of torchvision, torchaudio or lightning asks for; undefined where not known. */
export function torchFor(name: string, version: string | undefined): string | undefined {
  if (version === undefined) return undefined;
  const bare = version.replace(/\+.*$/, '');
  const companions = companionsOf(name);
  if (!/lightning$/.test(name)) return Object.hasOwn(companions, bare) ? companions[bare] : undefined;
  return CUDA.lightning.find(([from]) => satisfies(bare, `>=${from}`))?.[1];
}
