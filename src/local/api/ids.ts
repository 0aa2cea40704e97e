import { createHash, randomBytes } from 'node:crypto';
import { ApiError } from './errors.ts';

/** Where a resource lives. */
export interface Place {
  /** As the caller wrote it: an id or a number. */
  readonly project: string;
  readonly projectNumber: string;
  readonly location: string;
}

/** The project's number: itself when a number was given, else a fixed pseudo-number of twelve digits for the id. */
export function projectNumber(project: string): string {
  if (/^\d+$/.test(project)) return project;
  const digest = createHash('sha256').update(project).digest();
  return String(100_000_000_000n + (digest.readBigUInt64BE() % 900_000_000_000n));
}

/** The place that a path names; any project and any location, as long as they are spelled like one. */
export function placeOf(project: string, location: string): Place {
  if (!/^[a-z0-9](?:[a-z0-9.:-]*[a-z0-9])?$/i.test(project)) {
    throw new ApiError('INVALID_ARGUMENT', `Invalid project id: ${JSON.stringify(project)}`);
  }
  if (!/^[a-z][a-z0-9-]*$/.test(location)) {
    throw new ApiError('INVALID_ARGUMENT', `Invalid location: ${JSON.stringify(location)}`);
  }
  return { project, projectNumber: projectNumber(project), location };
}

/** `projects/NUMBER/locations/LOCATION`, as answers carry it. */
export function parentName(place: Place): string {
  return `projects/${place.projectNumber}/locations/${place.location}`;
}

/** A new resource id: 19 digits that fit an int64 and no JavaScript number. */
export function newId(): string {
  const smallest = 10n ** 18n;
  return String(smallest + (randomBytes(8).readBigUInt64BE() % (8n * smallest)));
}

/** The ten hexadecimal digits that all host names of one job share. */
export function clusterId(jobId: string): string {
  return createHash('sha256').update(jobId).digest('hex').slice(0, 10);
}
