import { type Fault, shown } from '../faults.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { metricFaults } from '../results/gate.ts';
import type { GateRule } from '../results/types.ts';
import type { MetricSpec } from '../vertex/types.ts';

/** What a job will leave behind. */
export interface Leaving {
  /** Its base output directory. */
  readonly outputUri: string | undefined;
  /** What its study measures, and by which goals; undefined for a job without trials. */
  readonly metrics: readonly MetricSpec[] | undefined;
}

type Asked = Pick<Inputs, 'results' | 'wait'>;

/** What is wrong with what is to be made of the job once it has ended: found before it is paid for. */
export function resultFaults(asked: Asked, leaving: Leaving): Fault[] {
  return [...metricsFileFaults(asked, leaving), ...gateFaults(asked, leaving), ...downloadFaults(asked, leaving)];
}

const FOLDER_MEND = 'Give output_uri, such as gs://my-bucket/runs.';

function metricsFileFaults({ results: { metricsFile } }: Asked, { metrics, outputUri }: Leaving): Fault[] {
  if (metricsFile === undefined) return [];
  const fault = (rule: string, message: string) => [{ rule, input: 'metrics_file', message }];
  if (metrics !== undefined)
    return fault('metrics-file-trials', 'is for a job without trials, whose metrics Vertex AI keeps. Remove it.');
  if (outputUri !== undefined) return [];
  return fault('metrics-file-folder', `names ${shown(metricsFile)} below output_uri, which is missing. ${FOLDER_MEND}`);
}

function gateFaults({ results: { gate, metricsFile }, wait }: Asked, { metrics }: Leaving): Fault[] {
  if (gate.length === 0) return [];
  const fault = (rule: string, message: string) => [{ rule, input: 'gate', message }];
  if (!wait) return fault('gate-wait', `is judged once the job has ended, and wait is false. ${FOLLOW_MEND}`);
  if (metrics !== undefined)
    return [
      ...metricFaults(
        gate,
        metrics.map(({ metricId }) => metricId),
      ),
    ];
  if (metricsFile !== undefined) return [];
  const message =
    'has no metrics to judge: Vertex AI keeps none of a job without trials. Let the program write them below output_uri, and name the file in metrics_file.';
  return fault('gate-metrics', message);
}

/** What looks wrong with it. */
export function resultWarnings({ results: { gate } }: Pick<Asked, 'results'>, { metrics = [] }: Leaving): Fault[] {
  return gate.flatMap((rule) => {
    const spec = metrics.find(({ metricId }) => metricId === rule.metric);
    if (spec === undefined || isWithGoal(rule, spec)) return [];
    // Two rules with numbers may hold a metric in a range; nobody wants to stay behind a baseline.
    const isRange = gate.some((other) => other.metric === rule.metric && isWithGoal(other, spec));
    return isRange && rule.bound.kind === 'number' ? [] : [againstGoal(rule, spec)];
  });
}

/** An unspecified goal maximises (study.proto). */
const isMinimized = ({ goal }: MetricSpec) => goal === 'MINIMIZE';
const isWithGoal = ({ operator }: GateRule, spec: MetricSpec) => operator.startsWith('<') === isMinimized(spec);

function againstGoal({ metric, operator, text }: GateRule, spec: MetricSpec): Fault {
  const [side, optimizes, turn] = isMinimized(spec) ? ['below', 'minimizes', '<'] : ['above', 'maximizes', '>'];
  const turned = `${metric} ${operator.replace(/^[<>]/, turn)}${text.slice(`${metric} ${operator}`.length)}`;
  const message = `holds ${shown(metric)} from ${side} in ${shown(text)}, a metric that the study ${optimizes}: the better it gets, the sooner the step fails. Write ${shown(turned)}.`;
  return { rule: 'gate-against-goal', input: 'gate', message };
}

function downloadFaults({ results: { download }, wait }: Asked, { outputUri }: Leaving): Fault[] {
  if (download === undefined) return [];
  const fault = (rule: string, message: string) => [{ rule, input: 'download', message }];
  if (!wait)
    return fault('download-wait', `brings what the job has written by its end, and wait is false. ${FOLLOW_MEND}`);
  if (outputUri !== undefined) return [];
  return fault('download-folder', `has nothing to bring: output_uri is missing. ${FOLDER_MEND}`);
}

const FOLLOW_MEND = 'Give it to the step that follows the job (job: …), or remove wait.';
