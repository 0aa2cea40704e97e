import type { Fault } from '../faults.ts';
import { shown } from '../faults.ts';
import type { RunContext } from '../inputs/run-context.ts';
import type { Identity } from './identity.ts';

/** The label that every job of this action carries. */
export const SERIES_LABEL = 'train-on-vertex-series';
/** The step on whichever ref; see Identity. */
export const STEP_LABEL = 'train-on-vertex-step';
/** One step of one run, whatever its attempt; see Identity. */
export const KEY_LABEL = 'train-on-vertex-key';
export const ATTEMPT_LABEL = 'train-on-vertex-attempt';
/** The repository, whatever it is called; see Identity. */
export const REPOSITORY_LABEL = 'train-on-vertex-repository';
/** A hash of what is asked for; see requestHash. */
export const REQUEST_LABEL = 'train-on-vertex-request';
/** On a version of a model: the id of the job that trained it. */
export const JOB_LABEL = 'train-on-vertex-job';
const RESERVED = 'train-on-vertex-';

/**
 * Labels hold lower-case letters, digits, `_` and `-`, at most 63 of them here: Vertex AI's protos say 64 code points,
 * the services that bill by label 63.
 */
function sanitised(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 63)
    .replace(/-+$/, '');
}

/** The labels that name the run for people; decisions never rest on them. */
function runLabels(context: RunContext): [string, string][] {
  const labels: [string, string][] = [
    ['managed-by', 'train-on-vertex'],
    ['commit', context.sha],
    ['run-id', context.runId],
    ['run-attempt', context.runAttempt],
    ['workflow', context.workflow],
    ['ref', context.ref.replace(/^refs\/(?:heads|tags)\//, '')],
    ['repository', context.repository],
  ];
  return labels.map(([key, value]): [string, string] => [key, sanitised(value)]).filter(([, value]) => value !== '');
}

export interface LabelParts {
  readonly own: ReadonlyMap<string, string>;
  readonly context: RunContext;
  readonly identity: Identity;
  readonly requestHash: string;
}

/** The job's labels: the run's, the user's over them, and the identity's over all. */
export function jobLabels({ own, context, identity, requestHash }: LabelParts): Record<string, string> {
  return Object.fromEntries([
    ...runLabels(context),
    ...own,
    [SERIES_LABEL, identity.series],
    [KEY_LABEL, identity.key],
    [STEP_LABEL, identity.step],
    [REPOSITORY_LABEL, identity.repository],
    [ATTEMPT_LABEL, sanitised(context.runAttempt)],
    [REQUEST_LABEL, requestHash],
  ]);
}

/** The labels of a model's version, by those of the job `id` that trained it; what was asked of the job is told there. */
export function versionLabels(jobLabels: Readonly<Record<string, string>>, id: string): Record<string, string> {
  const { [REQUEST_LABEL]: _request, ...labels } = jobLabels;
  return { ...labels, [JOB_LABEL]: id };
}

const LABEL = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;
const LABEL_VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,64}$/u;

/** Label rules of custom_job.proto: 64 code points, lower-case letters, digits, `_`, `-`, 64 labels on a resource. */
export function checkLabels(own: ReadonlyMap<string, string>): Fault[] {
  const faults: Fault[] = [];
  const fault = (rule: string, message: string) => faults.push({ rule, input: 'labels', message });
  for (const [key, value] of own) {
    if (key.startsWith(RESERVED)) fault('label-reserved', `${shown(key)} is set by this action. Choose another key.`);
    if (!LABEL.test(key)) {
      fault(
        'label-key',
        `${shown(key)} is no label key: a lower-case letter, then up to 63 of lower-case letters, digits, _ and -.`,
      );
    }
    if (!LABEL_VALUE.test(value)) {
      fault(
        'label-value',
        `${shown(value)} (of ${shown(key)}) is no label value: up to 64 lower-case letters, digits, _ and -.`,
      );
    }
  }
  if (own.size > 51) fault('label-count', `holds ${own.size} labels; 51 fit beside this action's own 13 (64 in all).`);
  return faults;
}
