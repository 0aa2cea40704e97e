import type { Report } from './metrics-file.ts';

/** So many reports of a trial are kept; the service's number is not known. */
export const MOST_REPORTS = 1000;

/**
 * All reports of a trial. The file keeps only the last hundred, so what earlier readings saw is kept here; a line seen
 * twice (same metric, step and time) counts once. Of more reports than `MOST_REPORTS` the latest are kept, each metric's
 * least and greatest value, and of the others every second step, again and again.
 */
export class ReportLog {
  #seen = new Map<string, Report>();
  /** What is older and not known has been left out before. */
  #horizon = Number.NEGATIVE_INFINITY;

  /** Whether any were left out. */
  get isThinned(): boolean {
    return this.#horizon > Number.NEGATIVE_INFINITY;
  }

  /** Takes in one reading; tells whether it held anything new. */
  add(reports: readonly Report[]): boolean {
    let isNew = false;
    for (const report of reports) {
      const key = keyOf(report);
      if (this.#seen.has(key) || report.timestamp < this.#horizon) continue;
      this.#seen.set(key, report);
      isNew = true;
    }
    if (this.#seen.size > MOST_REPORTS) this.#thin();
    return isNew;
  }

  /** In the order in which they were reported. */
  all(): Report[] {
    return [...this.#seen.values()].sort((left, right) => left.timestamp - right.timestamp);
  }

  #thin(): void {
    const all = this.all();
    const old = all.slice(0, -MOST_REPORTS / 2);
    const recent = all.slice(old.length);
    this.#horizon = recent[0]?.timestamp ?? this.#horizon;
    const extreme = new Set(extremes(all));
    const places = [...new Set(old.map(placeOf))];
    // Where all are of a few steps, as after many restarts, none of them is worth more than another.
    const every =
      places.length > old.length / 10 ? new Set(places.filter((_place, index) => index % 2 === 0)) : new Set();
    const kept = old.filter((report) => extreme.has(report) || every.has(placeOf(report)));
    this.#seen = new Map([...kept, ...recent].map((report) => [keyOf(report), report]));
  }
}

const keyOf = ({ metricId, step, timestamp }: Report) => `${metricId}\n${step}\n${timestamp}`;

/** What is one Measurement's: the step, or where there is none the time. */
const placeOf = ({ step, timestamp }: Report) => (step === 0n ? `t${timestamp}` : String(step));

/** The reports of each metric's least and greatest value. */
function extremes(reports: readonly Report[]): Report[] {
  const found = new Map<string, readonly [Report, Report]>();
  for (const report of reports) {
    if (Number.isNaN(report.value)) continue;
    const [least, most] = found.get(report.metricId) ?? [report, report];
    found.set(report.metricId, [
      report.value < least.value ? report : least,
      report.value > most.value ? report : most,
    ]);
  }
  return [...found.values()].flat();
}
