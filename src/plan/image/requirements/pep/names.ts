import { parseVersion } from './pep440.ts';

/** A package's or extra's name as PEP 503 compares it. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** What a wheel's or source archive's file name says (PEP 427, PEP 625). */
export interface Archive {
  readonly name: string;
  readonly version: string;
  /** A wheel's tags; undefined for a source archive. */
  readonly tags: { readonly python: string; readonly abi: string; readonly platform: string } | undefined;
}

/** Reads the last part of a path or URL as an archive; undefined where it is none, or does not tell its version. */
export function archiveOf(location: string): Archive | undefined {
  const path = location.replace(/[?#].*$/s, '');
  const file = decoded(path.slice(path.lastIndexOf('/') + 1));
  if (file.length > 512) return undefined;
  return file.endsWith('.whl') ? wheel(file.slice(0, -4)) : source(file);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function wheel(stem: string): Archive | undefined {
  const parts = stem.split('-');
  const [name, version] = parts;
  const [python, abi, platform] = parts.slice(-3);
  if (parts.length < 5 || parts.length > 6 || !name || version === undefined || parseVersion(version) === undefined) {
    return undefined;
  }
  const tags = { python: python ?? '', abi: abi ?? '', platform: platform ?? '' };
  return { name: normalName(name), version, tags };
}

function source(file: string): Archive | undefined {
  const stem = /^(.+)\.(?:tar\.gz|tgz|tar\.bz2|tbz|tar\.xz|txz|tar|zip)$/i.exec(file)?.[1];
  const cut = stem === undefined ? -1 : stem.lastIndexOf('-');
  const version = stem?.slice(cut + 1) ?? '';
  if (stem === undefined || cut < 1 || parseVersion(version) === undefined) return undefined;
  return { name: normalName(stem.slice(0, cut)), version, tags: undefined };
}

/** The URL without a user's name and password; the user of an SSH address stays. */
export function withoutSecrets(url: string): string {
  return /^(?:\w+\+)?ssh:\/\/[^/:@]*@/.test(url) ? url : url.replace(/^([\w+.-]+:\/\/)[^/?#]*@/, '$1');
}
