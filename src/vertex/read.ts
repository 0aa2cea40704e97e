import { isRecord } from '../json.ts';
import type { Job, JobStudy } from './jobs.ts';
import { readSpec, readUploaded } from './read-spec.ts';
import {
  GOALS,
  JOB_STATES,
  MEASUREMENT_SELECTIONS,
  type Measurement,
  type MetricSpec,
  type ParameterValue,
  type Status,
  TRIAL_STATES,
  type Trial,
} from './types.ts';
import { enumName, type Fields, list, text } from './values.ts';

/** Reads a job of either kind from the REST API's JSON. Throws where what came has no name. */
export function readJob(value: unknown): Job {
  const name = isRecord(value) ? text(value['name']) : undefined;
  if (!isRecord(value) || name === undefined) throw new Error('the answer is no job: it has no name');
  return {
    name,
    state: readState(name, value['state']),
    error: readStatus(value['error']),
    labels: readLabels(value['labels']),
    createTime: text(value['createTime']),
    startTime: text(value['startTime']),
    endTime: text(value['endTime']),
    trials: list(value['trials']).flatMap((trial) => readTrial(trial) ?? []),
    backing: readBacking(value['trainingTaskMetadata']),
    displayName: text(value['displayName']),
    study: readStudy(value),
    spec: readSpec(value),
    uploads: isRecord(value['modelToUpload']),
    uploaded: readUploaded(value['modelToUpload']),
  };
}

/** Of a tuning job, or of the task of a training pipeline. */
function readStudy(job: Fields): JobStudy | undefined {
  const task = job['trainingTaskInputs'];
  const { studySpec, maxTrialCount } = isRecord(task) ? task : job;
  if (!isRecord(studySpec)) return undefined;
  return {
    metrics: list(studySpec['metrics']).flatMap((metric) => readMetricSpec(metric) ?? []),
    maxTrials: typeof maxTrialCount === 'number' ? maxTrialCount : undefined,
    selection: readSelection(studySpec['measurementSelectionType']),
  };
}

function readSelection(value: unknown): string | undefined {
  const name = enumName(value, MEASUREMENT_SELECTIONS, '');
  return name === MEASUREMENT_SELECTIONS[0] ? undefined : name;
}

function readMetricSpec(value: unknown): MetricSpec | undefined {
  if (!isRecord(value) || typeof value['metricId'] !== 'string') return undefined;
  const goal = GOALS.find((each) => each === enumName(value['goal'], GOALS, ''));
  return { metricId: value['metricId'], goal: goal ?? 'GOAL_TYPE_UNSPECIFIED' };
}

/** PipelineState without its prefix; the index is the wire number (pipeline_state.proto). */
const PIPELINE_STATES = [
  'UNSPECIFIED',
  'QUEUED',
  'PENDING',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'CANCELLING',
  'CANCELLED',
  'PAUSED',
];

/** Pipelines and jobs share the words of their states, not the prefix nor all numbers. */
function readState(name: string, state: unknown): string {
  return name.includes('/trainingPipelines/')
    ? enumName(state, PIPELINE_STATES, 'PIPELINE_STATE_')
    : enumName(state, JOB_STATES, 'JOB_STATE_');
}

/** Filled by the service once the backing job exists. */
function readBacking(metadata: unknown): string | undefined {
  if (!isRecord(metadata)) return undefined;
  return text(metadata['backingHyperparameterTuningJob']) ?? text(metadata['backingCustomJob']);
}

function readLabels(value: unknown): Readonly<Record<string, string>> {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** What a google.rpc.Status tells; undefined for what is none. */
export function readStatus(value: unknown): Status | undefined {
  if (!isRecord(value)) return undefined;
  const { code, message } = value;
  return {
    ...(typeof code === 'number' ? { code } : {}),
    ...(typeof message === 'string' ? { message } : {}),
  };
}

function readTrial(value: unknown): Trial | undefined {
  const id = isRecord(value) ? text(value['id']) : undefined;
  if (!isRecord(value) || id === undefined) return undefined;
  const state = enumName(value['state'], TRIAL_STATES, '');
  const known = TRIAL_STATES.find((each) => each === state) ?? 'STATE_UNSPECIFIED';
  const final = readMeasurement(value['finalMeasurement']);
  return {
    id,
    state: known,
    parameters: list(value['parameters']).flatMap((parameter) => readParameter(parameter) ?? []),
    measurements: list(value['measurements']).flatMap((each) => readMeasurement(each) ?? []),
    ...(final === undefined ? {} : { finalMeasurement: final }),
    ...optional('startTime', text(value['startTime'])),
    ...optional('endTime', text(value['endTime'])),
    ...optional('infeasibleReason', text(value['infeasibleReason'])),
    ...optional('customJob', text(value['customJob'])),
  };
}

function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}

function readParameter(value: unknown): { parameterId: string; value: ParameterValue } | undefined {
  if (!isRecord(value)) return undefined;
  const { parameterId, value: setting } = value;
  if (typeof parameterId !== 'string') return undefined;
  return typeof setting === 'number' || typeof setting === 'string' ? { parameterId, value: setting } : undefined;
}

function readMeasurement(value: unknown): Measurement | undefined {
  if (!isRecord(value)) return undefined;
  const step = value['stepCount'];
  const metrics = list(value['metrics']).flatMap((metric) => readMetric(metric) ?? []);
  return {
    metrics,
    ...(typeof step === 'string' || typeof step === 'number' ? { stepCount: String(step) } : {}),
    ...optional('elapsedDuration', text(value['elapsedDuration'])),
  };
}

/** proto3 JSON leaves a 0 out, and writes NaN and the infinities as texts. */
function readMetric(value: unknown): { metricId: string; value: number } | undefined {
  if (!isRecord(value) || typeof value['metricId'] !== 'string') return undefined;
  const measured = Number(value['value'] ?? 0);
  return { metricId: value['metricId'], value: measured };
}
