import { bestTrial } from '../../results/best.ts';
import { parametersOf } from '../../results/trials.ts';
import { spanText } from '../../span.ts';
import { trialMs } from '../../vertex/times.ts';
import type { Measurement, MetricSpec, Trial } from '../../vertex/types.ts';

/** How far a trial is; it never goes back. */
const STAGES: Readonly<Record<Trial['state'], number>> = {
  STATE_UNSPECIFIED: 0,
  REQUESTED: 0,
  ACTIVE: 1,
  STOPPING: 1,
  SUCCEEDED: 2,
  INFEASIBLE: 2,
};
const STARTED = 1;
const ENDED = 2;

/** What was told of a trial last. */
interface Told {
  readonly stage: number;
  /** Measurements that it had when one was last told. */
  readonly measured: number;
  /** When that was, as milliseconds since the epoch. */
  readonly measuredAt: number;
}

/** Measurements of one trial are told no oftener than this, in milliseconds … */
const MEASURE_EVERY_MS = 60_000;
/** … and rarer the more trials run at once: about four lines a minute for all of them together. */
const MEASURE_SHARE_MS = 15_000;
/** Reasons can be whole tracebacks; those are in the log and in the cause. */
const LONG = 300;

/** Tells of trials: each start once, each end once, and of what they measure on the way some of it. */
export class TrialNews {
  readonly #metrics: readonly MetricSpec[];
  readonly #maxTrials: number | undefined;
  readonly #told = new Map<string, Told>();

  constructor({
    metrics,
    maxTrials,
  }: { readonly metrics: readonly MetricSpec[]; readonly maxTrials: number | undefined }) {
    this.#metrics = metrics;
    this.#maxTrials = maxTrials;
  }

  /** Takes the trials as known; one line tells how far they are, where any has ended. `selection` is the study's, see finalValue. */
  begin(trials: readonly Trial[], now: number, selection?: string): string[] {
    for (const trial of trials) if (STAGES[trial.state] === ENDED) this.#note(trial, now);
    return trials.some((trial) => STAGES[trial.state] === ENDED)
      ? [this.#progressLine(trials, selection), ...this.linesOf(trials, now, selection)]
      : this.linesOf(trials, now, selection);
  }

  /** What is new, in the order of the trials. */
  linesOf(trials: readonly Trial[], now: number, selection?: string): string[] {
    const active = trials.filter(({ state }) => STAGES[state] === STARTED).length;
    const every = Math.max(MEASURE_EVERY_MS, MEASURE_SHARE_MS * active);
    const lines: string[] = [];
    let ended = false;
    for (const trial of trials) {
      const stage = STAGES[trial.state];
      const told = this.#told.get(trial.id);
      if (stage > (told?.stage ?? 0)) {
        ended ||= stage === ENDED;
        lines.push(stage === ENDED ? endLine(trial) : startLine(trial));
        this.#note(trial, now);
      } else if (stage === STARTED && told?.stage === STARTED) {
        lines.push(...this.#measured(trial, told, now, every));
      }
    }
    if (ended) lines.push(this.#progressLine(trials, selection));
    return lines;
  }

  #measured(trial: Trial, told: Told, now: number, every: number): string[] {
    const count = trial.measurements?.length ?? 0;
    const latest = trial.measurements?.at(-1);
    if (latest === undefined || count <= told.measured) return [];
    if (told.measured > 0 && now - told.measuredAt < every) return [];
    this.#told.set(trial.id, { ...told, measured: count, measuredAt: now });
    return [`Trial ${trial.id}${stepText(latest)}: ${valuesText(latest)}`];
  }

  /** How many trials are done, and the best of them: `12 of 20 trials are done; best so far: trial 4, accuracy = 0.95`. */
  #progressLine(trials: readonly Trial[], selection: string | undefined): string {
    const done = trials.filter(({ state }) => STAGES[state] === ENDED).length;
    const count =
      this.#maxTrials === undefined
        ? `${done} trial${done === 1 ? ' is' : 's are'} done`
        : `${done} of ${this.#maxTrials} trials are done`;
    const best = bestTrial(trials, this.#metrics, selection);
    const [metric] = this.#metrics;
    if (best === undefined || metric === undefined) return count;
    return `${count}; best so far: trial ${best.id}, ${metric.metricId} = ${best.metrics[metric.metricId]}`;
  }

  #note({ id, state }: Trial, now: number): void {
    this.#told.set(id, { stage: STAGES[state], measured: 0, measuredAt: now });
  }
}

function startLine(trial: Trial): string {
  const parameters = Object.entries(parametersOf(trial)).map(([name, value]) => `${name}=${value}`);
  return cut(`Trial ${trial.id} started${parameters.length === 0 ? '' : `: ${parameters.join(', ')}`}`);
}

function endLine(trial: Trial): string {
  const { id, state, finalMeasurement, infeasibleReason } = trial;
  const outcome = `Trial ${id} ${state}${spanOf(trial)}`;
  if (state === 'INFEASIBLE') return cut(`${outcome}: ${infeasibleReason?.trim() || 'no reason given'}`);
  return cut(`${outcome}: ${finalMeasurement === undefined ? 'no measurement' : valuesText(finalMeasurement)}`);
}

function spanOf(trial: Trial): string {
  const ms = trialMs(trial);
  return ms === undefined ? '' : ` after ${spanText(ms)}`;
}

function stepText({ stepCount }: Measurement): string {
  return stepCount === undefined || stepCount === '0' ? '' : ` at step ${stepCount}`;
}

function valuesText({ metrics = [] }: Measurement): string {
  if (metrics.length === 0) return 'no measurement';
  return metrics.map(({ metricId, value }) => `${metricId} = ${value}`).join(', ');
}

/** One line of bounded length. */
function cut(text: string): string {
  const [line = ''] = text.split(/[\r\n]/, 1);
  return line.length > LONG ? `${line.slice(0, LONG)}…` : line;
}
