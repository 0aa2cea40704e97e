import * as core from '@actions/core';
import { onLoopback } from '../google/endpoints.ts';
import type { Traces } from '../job/submit/claim.ts';
import { isRecord } from '../json.ts';
import { type Collection, JOB_NAME, PARENT } from '../vertex/jobs.ts';

/** What main leaves for post, each field as soon as it is known. */
export interface State {
  /** Set before a job is asked for: from here on one may exist, and is found by this. */
  readonly request: Traces;
  /** `projects/P/locations/L` of each place where jobs of this step may be. */
  readonly parents: readonly string[];
  /** Names of the jobs that are known to be this step's. */
  readonly names: readonly string[];
  /** Names of jobs that fail-over has given up. */
  readonly givenUp: readonly string[];
  /** When no other job of this step can turn up any more, in milliseconds since the epoch; null while that is not known. */
  readonly quietAt: number | null;
  /** Set once nothing is to be cancelled: the job ended, or was left running on purpose. */
  readonly settled: true;
  /** The local service that main started. */
  readonly local: { readonly url: string; readonly token: string };
  /** A long command that main started, by its process id and the time of its start. */
  readonly program: { readonly pid: number; readonly started: string };
  /** The step's own folder under the runner's temporary one: logins, and copies of what a build reads. */
  readonly folder: string;
}

/** Keeps one field for post. The runner reads it even if this step is cancelled. */
export type SaveState = <K extends keyof State>(key: K, value: State[K]) => void;

export const saveState: SaveState = (key, value) => core.saveState(key, JSON.stringify(value));

/** Reads one field that main kept; undefined where there is none that the guard lets pass. */
export type ReadState = <K extends keyof State>(
  key: K,
  guard: (value: unknown) => value is State[K],
) => State[K] | undefined;

/** What main left; the file was written by this action, but lines that a program printed can forge its fields. */
export const readState: ReadState = (key, guard) => fieldIn(core.getState(key), guard);

/** The value in a field's text, '' where it was never kept. */
export function fieldIn<T>(text: string, guard: (value: unknown) => value is T): T | undefined {
  if (text === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return guard(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export const isText = (value: unknown): value is string => typeof value === 'string';
export const isTrue = (value: unknown): value is true => value === true;
export const isMoment = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** Names lead to requests that carry a token: they are of no other form than the service's own. */
const isListOf =
  (form: RegExp) =>
  (value: unknown): value is readonly string[] =>
    Array.isArray(value) && value.every((each) => isText(each) && form.test(each));
export const isJobNames = isListOf(JOB_NAME);
export const areParents = isListOf(PARENT);

const isCollection = (value: unknown): value is Collection =>
  value === 'customJobs' || value === 'hyperparameterTuningJobs' || value === 'trainingPipelines';

export function isTraces(value: unknown): value is Traces {
  if (
    !isRecord(value) ||
    !isText(value['parent']) ||
    !PARENT.test(value['parent']) ||
    !isCollection(value['collection'])
  )
    return false;
  const { labels } = value;
  return isRecord(labels) && Object.values(labels).every(isText);
}

export function isLocalService(value: unknown): value is State['local'] {
  return (
    isRecord(value) &&
    isText(value['token']) &&
    isText(value['url']) &&
    URL.canParse(value['url']) &&
    onLoopback(value['url'])
  );
}
