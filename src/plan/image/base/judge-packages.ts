import { type Finding, perhaps, surely } from '../../code/request.ts';
import type { Requirement, Requirements } from '../requirements/types.ts';
import { pickVersion, satisfies } from '../requirements/versions.ts';
import { CUDA } from './catalog.ts';
import { companionsOf, torchFor } from './frameworks/torch.ts';
import { frameworkText } from './need.ts';
import { minorPython } from './python.ts';
import type { Framework } from './types.ts';

const COMPANIONS = ['torchvision', 'torchaudio', 'lightning', 'pytorch-lightning'];

/** Packages that each ask for another torch than the one beside them. */
export function judgeConflicts({ packages }: Requirements): readonly Finding[] {
  const torch = packages.get('torch');
  if (torch === undefined || torch.nightly) return [];
  return COMPANIONS.flatMap((name) => {
    const companion = packages.get(name);
    return companion === undefined || companion.nightly ? [] : (conflict(companion, torch) ?? []);
  });
}

function conflict(companion: Requirement, torch: Requirement): Finding[] | undefined {
  const { name, place } = companion;
  const wanted = torchesFor(companion);
  if (wanted.length > 0 && !wanted.some((specifier) => specifier === undefined || admits(torch, specifier))) {
    const pinned = companion.version !== undefined && torch.version !== undefined;
    const message = `${versionText(companion)} asks for torch${wanted.at(0)}, and ${versionText(torch)} is asked for: they cannot be installed together. ${pairMend(name, torch)}`;
    return [(pinned ? surely : perhaps)({ rule: 'frameworks-conflict', place, message })];
  }
  if (torch.variant === undefined || companion.variant === undefined || torch.variant === companion.variant) return [];
  const message = `${versionText(companion)} is the build for ${companion.variant}, and that of torch is for ${torch.variant}: ${name} fails when it is imported. Take both from one index.`;
  return [perhaps({ rule: 'frameworks-conflict', place, message })];
}

/** What the releases of a package that may be installed ask for; a release that is not known asks for nothing known. */
function torchesFor({ name, version, specifier, url }: Requirement): readonly (string | undefined)[] {
  if (version !== undefined) return [torchFor(name, version)];
  if (url !== undefined) return [];
  const releases = Object.keys(companionsOf(name)).filter((one) => satisfies(one, specifier) !== false);
  return releases.map((one) => torchFor(name, one));
}

function admits({ version, specifier, url }: Requirement, wanted: string): boolean {
  if (version !== undefined) return satisfies(version.replace(/\+.*$/, ''), wanted) !== false;
  if (url !== undefined) return true;
  const releases = CUDA.torch.flatMap(({ versions }) => versions);
  return pickVersion(`${specifier},${wanted}`, releases) !== undefined;
}

const versionText = ({ name, version, specifier }: Requirement) =>
  version === undefined ? `${name}${specifier}` : `${name} ${version}`;

function pairMend(name: string, torch: Requirement): string {
  const fitting = Object.keys(companionsOf(name)).filter((one) => admits(torch, torchFor(name, one) ?? ''));
  const best = pickVersion('', fitting);
  return best === undefined || /lightning$/.test(name)
    ? 'Change one of them.'
    : `For that torch it is ${name} ${best}.`;
}

/** Frameworks that have no wheel for the Python that is to be installed. */
export function judgePython(
  frameworks: readonly Framework[],
  { python, pythonFits }: { readonly python: string; readonly pythonFits: boolean },
  asked: string | undefined,
): readonly Finding[] {
  if (pythonFits) return [];
  const why = asked === undefined ? 'others need another one' : `the project asks for Python ${asked}`;
  return frameworks.flatMap((one) => {
    const { pythons, place, known } = one;
    if (known !== 'pinned' || pythons === undefined || pythons.includes(minorPython(python))) return [];
    const message = `${frameworkText(one)} has wheels for Python ${pythons[0]} to ${pythons.at(-1)}, and ${why}. Change one of them.`;
    return [surely({ rule: 'python-unsupported', place, message })];
  });
}
