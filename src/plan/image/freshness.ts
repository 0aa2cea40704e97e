import { readInstructions } from '../code/dockerfile/instructions.ts';
import { splitWords } from '../code/dockerfile/words.ts';
import type { Requirement, Requirements } from './requirements/types.ts';

/**
 * Why the same files may make another image next week: what the build reads from the network is not fixed. Undefined
 * where nothing of the kind is seen.
 */
export function openReason(requirements: Requirements | undefined, dockerfile: string): string | undefined {
  return openPackages(requirements) ?? openAdd(dockerfile);
}

function openPackages(requirements: Requirements | undefined): string | undefined {
  const all = [...(requirements?.packages.values() ?? [])];
  const nightly = all.find(isNightly);
  if (nightly !== undefined) return `${nightly.name} is a nightly build`;
  const open = requirements?.locked ? undefined : all.find(isOpen);
  return open === undefined ? undefined : `requirements leave the version of ${open.name} open`;
}

/** A development version that is pinned, of a package that has releases besides, stays what it is. */
function isNightly({ nightly, name, version, index }: Requirement): boolean {
  return nightly && (version === undefined || index !== undefined || name.includes('nightly'));
}

function isOpen({ version, url }: Requirement): boolean {
  return url === undefined ? version === undefined : !isFixed(url);
}

/** A commit or a hash fixes what an address gives; an archive with a version in its name is taken to stay what it is. */
function isFixed(url: string): boolean {
  if (/[@#=][0-9a-f]{40}\b|#sha256[=:][0-9a-f]{64}\b/i.test(url)) return true;
  return (
    !/^(?:git|hg|svn|bzr)\+|^git@|\.git(?:[@#]|$)/.test(url) &&
    /\d\S*\.(?:whl|tar\.gz|zip)(?:#|$)|^(?:\.|\/|file:)/.test(url)
  );
}

const REMOTE = /^(?:https?|git|ssh):\/\/|^git@/;

/** ADD takes from an address whatever is there today, unless a checksum or a commit says what it has to be. */
function openAdd(dockerfile: string): string | undefined {
  for (const { keyword, flags, text } of readInstructions(dockerfile) ?? []) {
    if (keyword !== 'ADD' || flags.has('checksum')) continue;
    const open = splitWords(text).find((word) => REMOTE.test(word) && !/#[0-9a-f]{40}(?::|$)/.test(word));
    if (open !== undefined) return `the Dockerfile adds ${open} without a checksum`;
  }
  return undefined;
}
