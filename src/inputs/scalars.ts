import type { Faults } from './collect.ts';
import type { ImageName } from './inputs.ts';

/** `true` or `false`; anything else is a fault, never quietly false. */
export function parseBoolean(faults: Faults, input: string, value: string): boolean {
  if (value === 'true') return true;
  if (value !== 'false') faults.reject('boolean', input, value, 'Write true or false.');
  return false;
}

/** A whole number from 1 to `most`. */
export function parseCount(faults: Faults, input: string, value: string, most = 2 ** 31 - 1): number | undefined {
  const count = Number(value);
  if (/^\d{1,10}$/.test(value) && count >= 1 && count <= most) return count;
  return faults.reject('count', input, value, `Write a whole number from 1 to ${most}.`);
}

/** One of some words; empty is undefined and no fault. */
export function parseWord<T extends string>(
  faults: Faults,
  input: string,
  value: string,
  words: readonly T[],
): T | undefined {
  const found = words.find((word) => word === value);
  if (found === undefined && value !== '')
    faults.reject(input.replaceAll('_', '-'), input, value, `Accepted: ${words.join(', ')}.`);
  return found;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { d: 86_400, h: 3_600, m: 60, s: 1 };

/** A duration in seconds from gcloud's form: numbers each followed by d, h, m or s, largest first (`1h30m`, `86400s`). */
export function parseDuration(faults: Faults, input: string, value: string): number | undefined {
  const accepted = 'Write numbers with units, such as 90m, 24h or 86400s.';
  if (!/^(?:\d{1,9}d)?(?:\d{1,9}h)?(?:\d{1,9}m)?(?:\d{1,9}s)?$/.test(value)) {
    return faults.reject('duration', input, value, accepted);
  }
  let seconds = 0;
  for (const [, digits, unit] of value.matchAll(/(\d+)([dhms])/g)) {
    seconds += Number(digits) * (UNIT_SECONDS[unit ?? 's'] ?? 1);
  }
  return seconds > 0 ? seconds : faults.reject('duration', input, value, `${accepted} It has to be longer than 0s.`);
}

/** A value that has to match `pattern`; empty is undefined and no fault. */
export function parsePattern(
  faults: Faults,
  input: string,
  value: string,
  rule: string,
  pattern: RegExp,
  accepted: string,
): string | undefined {
  if (value === '' || pattern.test(value)) return value === '' ? undefined : value;
  return faults.reject(rule, input, value, accepted);
}

const PATH_PART = '[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*';
const HOST = '(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\\d{1,5})?)';
const IMAGE = new RegExp(`^((?:${HOST}/)?${PATH_PART}(?:/${PATH_PART})*)(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?$`);

/** An image to build on: its name, with a tag, a digest, both or neither. */
export const BASE_IMAGE = new RegExp(
  `^(?:${HOST}/)?${PATH_PART}(?:/${PATH_PART})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
);

/** Tags that mean something to this action: an image's content, and the build's cache. */
export const RESERVED_TAG = /^(?:content-[0-9a-f]{40}|buildcache(?:-\d+)?)$/;
export const RESERVED_MEND = 'Tags of that form are set by this action. Choose another.';

/** An image's name with an optional tag, in the grammar of distribution's references. */
export function parseImage(faults: Faults, input: string, value: string): ImageName | undefined {
  if (value === '') return undefined;
  const match = IMAGE.exec(value);
  const repository = match?.[1];
  const tag = match?.[2];
  if (tag !== undefined && RESERVED_TAG.test(tag)) faults.reject('image-tag-reserved', input, value, RESERVED_MEND);
  if (repository !== undefined) return { repository, tag };
  const accepted = value.includes('@')
    ? 'Name the image without a digest: this step builds and pushes it.'
    : 'Write HOST/PATH[:TAG] in lower case without a scheme, such as us-central1-docker.pkg.dev/my-project/training/mnist.';
  return faults.reject('image-name', input, value, accepted);
}
