import { byId, finalValue, parametersOf } from '../../../results/trials.ts';
import { spanText } from '../../../span.ts';
import type { Job } from '../../../vertex/jobs.ts';
import { trialMs } from '../../../vertex/times.ts';
import type { MetricSpec, ParameterValue, Trial } from '../../../vertex/types.ts';
import { cut, escaped, folded, rowOf, tableOf } from '../../markdown.ts';
import type { Section } from '../fit.ts';
import { shortNumber } from '../numbers.ts';
import { own } from '../own.ts';

/** What the rows may take, in bytes of UTF-8, longest first. */
const ROWS_BYTES = [600_000, 200_000, 50_000, 10_000] as const;
const MOST_COLUMNS = 40;
const NAME_LENGTH = 60;
const CELL_LENGTH = 200;

/** Every trial in a folded table; the trials that are best by their ids have bold values. */
export function trialsSection(job: Job, metrics: readonly MetricSpec[], best: readonly string[]): Section | undefined {
  if (job.trials.length === 0) return undefined;
  const trials = [...job.trials].sort(byId);
  const all = columnsOf(job, trials, metrics);
  const columns = all.slice(0, MOST_COLUMNS);
  const rows = trials.map((trial) => rowOf(columns.map(({ cell }) => cell(trial, best.includes(trial.id)))));
  const header = columns.map(({ title }) => escaped(cut(title, NAME_LENGTH)));
  const [first, ...shorter] = ROWS_BYTES.map((bytes) =>
    trialsText({ header, rows: rowsWithin(rows, bytes), trials: rows.length, columns: all.length }),
  );
  return { name: 'table of the trials', forms: [first ?? '', ...shorter], worth: 5 };
}

interface Column {
  readonly title: string;
  /** Escaped. */
  readonly cell: (trial: Trial, best: boolean) => string;
}

function columnsOf({ study }: Job, trials: readonly Trial[], metrics: readonly MetricSpec[]): Column[] {
  const names = [...new Set(trials.flatMap((trial) => Object.keys(parametersOf(trial))))];
  const all: Column[] = [
    { title: 'Trial', cell: ({ id }) => escaped(cut(id, CELL_LENGTH)) },
    { title: 'State', cell: ({ state }) => escaped(cut(state, CELL_LENGTH)) },
    ...metrics.map((metric) => ({
      title: metric.metricId,
      cell: (trial: Trial, best: boolean) => valueCell(finalValue(trial, metric, study?.selection), best),
    })),
    ...names.map((name) => ({ title: name, cell: (trial: Trial) => parameterCell(own(parametersOf(trial), name)) })),
    ...(trials.some((trial) => trialMs(trial) !== undefined) ? [TOOK] : []),
    ...(trials.some(({ infeasibleReason }) => infeasibleReason) ? [WHY] : []),
  ];
  return all;
}

const TOOK: Column = {
  title: 'Took',
  cell: (trial) => {
    const ms = trialMs(trial);
    return ms === undefined ? '' : spanText(ms);
  },
};
const WHY: Column = { title: 'Why', cell: ({ infeasibleReason }) => escaped(cut(infeasibleReason ?? '', CELL_LENGTH)) };

function valueCell(value: number | undefined, best: boolean): string {
  if (value === undefined) return '';
  return best ? `**${shortNumber(value)}**` : shortNumber(value);
}

const parameterCell = (value: ParameterValue | undefined) =>
  escaped(typeof value === 'number' ? shortNumber(value) : cut(value ?? '', CELL_LENGTH));

/** As many rows from the start as fit. */
function rowsWithin(rows: readonly string[], bytes: number): readonly string[] {
  let used = 0;
  const end = rows.findIndex((row) => {
    used += Buffer.byteLength(row) + 1;
    return used > bytes;
  });
  return end === -1 ? rows : rows.slice(0, end);
}

interface Shown {
  readonly header: readonly string[];
  readonly rows: readonly string[];
  /** How many there are, shown or not. */
  readonly trials: number;
  readonly columns: number;
}

function trialsText({ header, rows, trials, columns }: Shown): string {
  const left = trials - rows.length;
  const without = columns - header.length;
  const rest = [
    ...(left > 0 ? [`${left} more are in trials_file.`] : []),
    ...(without > 0 ? [`${without} more columns are in trials_file.`] : []),
  ];
  const title = trials === 1 ? 'The one trial' : `All ${trials} trials`;
  return folded(title, [[tableOf(header, []), ...rows].join('\n'), ...rest].join('\n\n'));
}
