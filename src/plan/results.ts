import { type Fault, shown } from '../faults.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { metricFaults } from '../results/gate.ts';

/** What a job will leave behind. */
export interface Leaving {
  /** Its base output directory. */
  readonly outputUri: string | undefined;
  /** What its study measures; undefined for a job without trials. */
  readonly metrics: readonly string[] | undefined;
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
  if (metrics !== undefined) return [...metricFaults(gate, metrics)];
  if (metricsFile !== undefined) return [];
  const message =
    'has no metrics to judge: Vertex AI keeps none of a job without trials. Let the program write them below output_uri, and name the file in metrics_file.';
  return fault('gate-metrics', message);
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
