import type { Fault } from '../faults.ts';
import { camelCase } from '../vertex/schema.ts';
import { type Origins, placed } from './findings.ts';

/** One error of Vertex AI's field validation, on the path of the request that was sent. */
export interface FieldError {
  /** snake_case, from the request's resource: `job_spec.worker_pool_specs[0].machine_spec`. */
  readonly field: string;
  readonly message: string;
}

/**
 * Reads the message `List of found errors:` TAB `1.Field: …; Message: …` TAB, in which errors are numbered. Empty where
 * the message is of another form.
 */
export function fieldErrors(message: string): readonly FieldError[] {
  const start = message.indexOf('List of found errors:');
  if (start === -1) return [];
  const list = message.slice(start + 'List of found errors:'.length);
  return list
    .split(/(?:^|\s)\d+\.\s?Field:\s*/)
    .slice(1)
    .flatMap((entry) => {
      const [, field, text] = /^(\S+?);\s*Message:\s*([\s\S]*)$/.exec(entry.trim()) ?? [];
      return field === undefined || text === undefined ? [] : [{ field, message: text.trim() }];
    });
}

/** The path in the plan's draft of a field of the request, whichever kind of job carries it. */
export function draftPathOf(field: string): string {
  const path = field
    .split('.')
    .map(camelCase)
    .join('.')
    .replace(/^(?:customJob|hyperparameterTuningJob|trainingPipeline)\./, '')
    .replace(/^trainingTaskInputs\./, '');
  if (/^(?:jobSpec|trialJobSpec)(?:\.|$)/.test(path)) return path.replace(/^(?:jobSpec|trialJobSpec)/, 'spec');
  if (/^(?:studySpec|maxTrialCount|parallelTrialCount|maxFailedTrialCount)\b/.test(path)) return `study.${path}`;
  return /^(?:workerPoolSpecs|scheduling|network|serviceAccount|baseOutputDirectory|tensorboard)\b/.test(path)
    ? `spec.${path}`
    : path;
}

/** Vertex AI's refusal as findings on the inputs and config lines that the refused parts came from. */
export function refusalFaults(message: string, origins: Origins): Fault[] {
  return fieldErrors(message).map(({ field, message: text }) =>
    placed({ level: 'error', rule: 'vertex-refused', path: draftPathOf(field), message: text }, origins),
  );
}
