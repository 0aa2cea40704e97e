import { isRecord } from '../../json.ts';
import type { Measurement, StudySpec } from '../../vertex/types.ts';
import { objectivesOf, signOf } from './objective.ts';

/** One metric value that a training program reported through its hypertune file. */
export interface Report {
  readonly metricId: string;
  /** May be NaN or infinite. */
  readonly value: number;
  readonly step: bigint;
  /** Seconds since the Unix epoch; 0 where the program gave no time that there is. */
  readonly timestamp: number;
}

const OTHER_KEYS = new Set(['timestamp', 'trial', 'global_step', 'checkpoint_path']);

/** Python's `float` takes more spellings than JavaScript's `Number`; `str(float)` writes only these. */
function pythonFloat(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const text = value.trim().toLowerCase();
  if (text === 'nan') return Number.NaN;
  const infinite = /^([+-]?)inf(?:inity)?$/.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const number = Number(text);
  return Number.isNaN(number) ? undefined : number;
}

/** The last second of the year 9999: protobuf's times go no further. */
const LAST_SECOND = 253_402_300_799;

/** A program may write anything, and measurements tell the time since the trial's start. */
function timeOf(value: unknown): number {
  const seconds = pythonFloat(value) ?? 0;
  return seconds >= 0 && seconds <= LAST_SECOND ? seconds : 0;
}

function stepOf(value: unknown): bigint {
  const text = String(value ?? '0');
  return /^\d{1,18}$/.test(text) ? BigInt(text) : 0n;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * The reports in the text of a hypertune file: one JSON object a line, the metric's name as a key (cloudml-hypertune).
 * The file is rewritten in place while it is read, so a line that is cut short is passed over.
 */
export function parseReports(text: string): Report[] {
  return text.split('\n').flatMap((line) => {
    const entry = parsed(line);
    if (!isRecord(entry)) return [];
    const timestamp = timeOf(entry['timestamp']);
    const step = stepOf(entry['global_step']);
    return Object.entries(entry).flatMap(([metricId, raw]) => {
      const value = OTHER_KEYS.has(metricId) ? undefined : pythonFloat(raw);
      return value === undefined ? [] : [{ metricId, value, step, timestamp }];
    });
  });
}

interface Group {
  readonly step: bigint;
  timestamp: number;
  readonly values: Map<string, number>;
}

/**
 * What belongs to one Measurement: the last value of each metric at one step, in the order of the steps (the proto's
 * comment on measurements). Step 0 stands for none at all (cloudml-hypertune): there a metric that comes again begins
 * another one.
 */
function bySteps(reports: readonly Report[]): Group[] {
  const groups: Group[] = [];
  const latest = new Map<bigint, Group>();
  for (const { step, timestamp, metricId, value } of reports) {
    const known = latest.get(step);
    const isSame = known !== undefined && (step !== 0n || !known.values.has(metricId));
    const group = isSame ? known : { step, timestamp, values: new Map() };
    group.timestamp = timestamp;
    group.values.set(metricId, value);
    if (isSame) continue;
    groups.push(group);
    latest.set(step, group);
  }
  return groups.sort((left, right) => Number(left.step - right.step));
}

/** Seconds as a protobuf duration, to the millisecond: no decimals, or three (proto3 JSON). */
function duration(seconds: number): string {
  return Number.isInteger(seconds) ? `${seconds}s` : `${seconds.toFixed(3)}s`;
}

function measurement(
  step: bigint,
  timestamp: number,
  values: ReadonlyMap<string, number>,
  startSeconds: number,
): Measurement {
  const elapsed = Math.max(0, timestamp - startSeconds);
  const metrics = [...values].map(([metricId, value]) => ({ metricId, value }));
  return { elapsedDuration: duration(Number(elapsed.toFixed(3))), stepCount: String(step), metrics };
}

/** The reports that measurements were made of, which an earlier process of the service read. */
export function reportsOf(measurements: readonly Measurement[] = [], startSeconds: number): Report[] {
  return measurements.flatMap(({ elapsedDuration = '0s', stepCount = '0', metrics = [] }) =>
    metrics.map(({ metricId, value }) => ({
      metricId,
      value,
      step: BigInt(stepCount),
      timestamp: startSeconds + Number.parseFloat(elapsedDuration),
    })),
  );
}

/**
 * The trial's measurements: what was reported at one step is one Measurement. Numbers that JSON cannot hold (NaN,
 * infinity) and metrics that the study does not name are left out.
 */
export function measurementsOf(study: StudySpec, reports: readonly Report[], startSeconds: number): Measurement[] {
  const named = new Set(study.metrics.map((metric) => metric.metricId));
  const usable = reports.filter((report) => named.has(report.metricId) && Number.isFinite(report.value));
  return bySteps(usable).map(({ step, timestamp, values }) => measurement(step, timestamp, values, startSeconds));
}

export type Verdict =
  | { readonly finalMeasurement: Measurement }
  /** Why the trial has none, and so is INFEASIBLE. */
  | { readonly infeasible: string };

function missing(study: StudySpec, reports: readonly Report[]): string {
  const wanted = study.metrics.map((metric) => metric.metricId).join(', ');
  const found = [...new Set(reports.map((report) => report.metricId))].join(', ');
  const reported = found === '' ? 'it reported none' : `it reported ${found}`;
  return `The trial ended without a value for every metric of the study (${wanted}): ${reported}.`;
}

/**
 * The measurement that counts. LAST_MEASUREMENT (the default): the last step that has every metric; where no single
 * step has, the last value of each (our choice, the service's is not documented). BEST_MEASUREMENT: of the steps that
 * have every metric, the best by the first objective's goal. A last value that is no finite number makes the trial
 * INFEASIBLE (our choice likewise).
 */
export function verdictOf(study: StudySpec, reports: readonly Report[], startSeconds: number): Verdict {
  const names = study.metrics.map((metric) => metric.metricId);
  const relevant = reports.filter((report) => names.includes(report.metricId));
  const last = new Map(relevant.map((report) => [report.metricId, report] as const));
  if (names.some((name) => !last.has(name))) return { infeasible: missing(study, reports) };
  const wantsBest = study.measurementSelectionType === 'BEST_MEASUREMENT';
  const bad = [...last.values()].find((report) => !Number.isFinite(report.value));
  if (bad !== undefined && !wantsBest) return { infeasible: `The metric ${bad.metricId} was ${bad.value}.` };
  const complete = bySteps(relevant.filter((report) => Number.isFinite(report.value))).filter((group) =>
    names.every((name) => group.values.has(name)),
  );
  const chosen = wantsBest ? best(study, complete) : complete.at(-1);
  if (chosen !== undefined) {
    return { finalMeasurement: measurement(chosen.step, chosen.timestamp, chosen.values, startSeconds) };
  }
  if (bad !== undefined) return { infeasible: `The metric ${bad.metricId} was ${bad.value}.` };
  const values = new Map([...last].map(([name, report]) => [name, report.value]));
  const latest = relevant.at(-1);
  return { finalMeasurement: measurement(latest?.step ?? 0n, latest?.timestamp ?? 0, values, startSeconds) };
}

function best<T extends { readonly values: ReadonlyMap<string, number> }>(
  study: StudySpec,
  groups: readonly T[],
): T | undefined {
  const [metric] = objectivesOf(study);
  if (metric === undefined) return undefined;
  const score = (group: T) => signOf(metric) * (group.values.get(metric.metricId) ?? Number.NaN);
  return groups.reduce<T | undefined>((top, group) => (top && score(top) >= score(group) ? top : group), undefined);
}
