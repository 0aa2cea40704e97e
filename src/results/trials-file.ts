import type { Measurement, ParameterValue, Trial } from '../vertex/types.ts';
import { byId, parametersOf, type Selecting, toResult } from './trials.ts';

/** JSON has no other numbers than finite ones: the rest are the texts that proto3 JSON has for them. */
export type JsonNumber = number | 'NaN' | 'Infinity' | '-Infinity';
type JsonMetrics = Readonly<Record<string, JsonNumber>>;

/** A measurement in the same file. */
export interface MeasurementRecord {
  /** A text where it is too large for a number. */
  readonly step: number | string | undefined;
  /** Since the trial's start. */
  readonly elapsedSeconds: number | undefined;
  readonly metrics: JsonMetrics;
}

/** A trial in the file of the output trials_file; what is undefined is not in the file. */
export interface TrialRecord {
  readonly id: string;
  readonly state: string;
  /** Each in its own type. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** What the study goes by: the final measurement, and where that lacks a metric, the one selected; empty for none. */
  readonly metrics: JsonMetrics;
  readonly finalMeasurement: MeasurementRecord | undefined;
  /** As the service lists them. */
  readonly measurements: readonly MeasurementRecord[];
  /** RFC 3339, as the service writes it; so is endTime. */
  readonly startTime: string | undefined;
  readonly endTime: string | undefined;
  readonly infeasibleReason: string | undefined;
  /** Name of the CustomJob that ran the trial. */
  readonly customJob: string | undefined;
}

/** The file of the output trials_file: a JSON list of every trial, by id. A number in which `redact` hides something is "***". */
export function trialsFile(
  trials: readonly Trial[],
  selecting?: Selecting,
  redact: (text: string) => string = (text) => text,
): string {
  const records = [...trials].sort(byId).map((trial) => recordOf(trial, selecting));
  const shown = (_key: string, value: unknown) => {
    if (typeof value !== 'number') return value;
    const text = JSON.stringify(value);
    return redact(text) === text ? value : '***';
  };
  return `${JSON.stringify(records, shown, 2)}\n`;
}

function recordOf(trial: Trial, selecting: Selecting | undefined): TrialRecord {
  const final = trial.finalMeasurement && measurementOf(trial.finalMeasurement);
  return {
    id: trial.id,
    state: trial.state,
    parameters: parametersOf(trial),
    metrics: joined(final?.metrics ?? {}, toResult(trial, selecting).metrics),
    finalMeasurement: final,
    measurements: (trial.measurements ?? []).map(measurementOf),
    startTime: trial.startTime,
    endTime: trial.endTime,
    infeasibleReason: trial.infeasibleReason,
    customJob: trial.customJob,
  };
}

/** Names are outside text: an object literal would take `__proto__` for its prototype. */
const joined = (...all: readonly JsonMetrics[]): JsonMetrics =>
  Object.fromEntries(all.flatMap((metrics) => Object.entries(metrics)));

function measurementOf({ stepCount, elapsedDuration, metrics = [] }: Measurement): MeasurementRecord {
  return {
    step: stepCount === undefined ? undefined : stepOf(stepCount),
    elapsedSeconds: secondsOf(elapsedDuration),
    metrics: Object.fromEntries(metrics.map(({ metricId, value }) => [metricId, jsonNumber(value)])),
  };
}

/** int64. */
function stepOf(text: string): number | string {
  const step = Number(text);
  return /^-?\d+$/.test(text) && Number.isSafeInteger(step) ? step : text;
}

/** google.protobuf.Duration in JSON: decimal seconds with an `s` behind. */
function secondsOf(duration: string | undefined): number | undefined {
  const [, seconds] = /^(-?\d+(?:\.\d+)?)s$/.exec(duration ?? '') ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}

function jsonNumber(value: number): JsonNumber {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}
