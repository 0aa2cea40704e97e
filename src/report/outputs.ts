import type { Best, GateVerdict, RegisteredModel, Usage } from '../results/types.ts';
import { hasEnded, idOf, type Job, locationOf } from '../vertex/jobs.ts';
import type { Links } from './links.ts';

/** The names of action.yml's outputs. A test holds this list against action.yml. */
export const OUTPUT_NAMES = [
  'job',
  'job_id',
  'state',
  'finished',
  'region',
  'console_url',
  'logs_url',
  'image',
  'base_image',
  'fingerprint',
  'dockerfile',
  'best_trial',
  'best_trial_id',
  'best_parameters',
  'best_metrics',
  'best_model_uri',
  'best_checkpoint_uri',
  'pareto_trials',
  'trials_file',
  'gate',
  'model',
  'model_uri',
  'elapsed',
  'queue_time',
  'machine_hours',
  'accelerator_hours',
  'cost',
] as const;
export type OutputName = (typeof OUTPUT_NAMES)[number];

/** The step's outputs, by the names of action.yml. */
export type Outputs = Partial<Record<OutputName, string>>;

/** What a job's name and state say; known from the moment it is submitted. */
export function jobOutputs(job: Job, links: Links): Outputs {
  return {
    job: job.name,
    job_id: idOf(job.name),
    state: job.state,
    region: locationOf(job.name),
    console_url: links.console ?? '',
    logs_url: links.logs ?? '',
    finished: String(hasEnded(job)),
  };
}

/** What the job used up so far. Times in whole seconds. */
export function usageOutputs({ elapsedMs, queuedMs, machineHours, acceleratorHours, cost }: Usage): Outputs {
  const amount = (name: OutputName, value: number | undefined) =>
    value === undefined ? {} : { [name]: String(Number(value.toFixed(4))) };
  return {
    elapsed: String(Math.round(elapsedMs / 1_000)),
    queue_time: String(Math.round(queuedMs / 1_000)),
    ...amount('machine_hours', machineHours),
    ...amount('accelerator_hours', acceleratorHours),
    ...amount('cost', cost),
  };
}

/** The best that came of the job, as JSON that `fromJSON` reads. */
export function bestOutputs({ trial, metrics, pareto, folders }: Best): Outputs {
  return {
    ...(trial === undefined
      ? {}
      : {
          best_trial: JSON.stringify(trial),
          best_trial_id: trial.id,
          best_parameters: JSON.stringify(trial.parameters),
        }),
    ...(trial === undefined && Object.keys(metrics).length === 0 ? {} : { best_metrics: JSON.stringify(metrics) }),
    ...(pareto === undefined ? {} : { pareto_trials: JSON.stringify(pareto.trials) }),
    ...(folders === undefined ? {} : { best_model_uri: folders.model, best_checkpoint_uri: folders.checkpoints }),
  };
}

/** Whether all rules of the gate hold; nothing where none was judged. */
export function gateOutputs(verdicts: readonly GateVerdict[]): Outputs {
  if (verdicts.length === 0) return {};
  return { gate: verdicts.every(({ passed }) => passed) ? 'passed' : 'failed' };
}

/** The version in the registry, as `NAME@VERSION`, and the folder that it was made of. */
export function modelOutputs({ name, version, uri }: RegisteredModel): Outputs {
  return { model: `${name}@${version}`, ...(uri === undefined ? {} : { model_uri: uri }) };
}

/**
 * GitHub takes outputs of 1 MB in all from a workflow job, each character counted as two bytes, and Linux lets no environment
 * variable be longer than 128 KiB: four long ones of this size, and all short ones, stay below both. In bytes of UTF-8.
 */
const MOST_BYTES = 100_000;

/** These hold JSON, which has to stay JSON. */
const JSON_OUTPUTS: ReadonlySet<string> = new Set(['best_trial', 'best_parameters', 'best_metrics', 'pareto_trials']);

export interface FittedOutputs {
  readonly outputs: Outputs;
  /** What was changed, a sentence for each output. */
  readonly changes: ReadonlyMap<string, string>;
}

/** The outputs as they can be handed on: nothing that is masked, nothing larger than GitHub takes. */
export function fitOutputs(outputs: Outputs, redact: (text: string) => string): FittedOutputs {
  const changes = new Map<string, string>();
  const fitted = Object.entries(outputs).map(([name, value]) => {
    const shown = redact(value);
    if (Buffer.byteLength(shown) > MOST_BYTES) {
      changes.set(name, `The output ${name} is left empty: it would hold more than ${MOST_BYTES} bytes. ${INSTEAD}`);
      return [name, ''];
    }
    if (shown === value) return [name, value];
    if (JSON_OUTPUTS.has(name) && !isJson(shown)) {
      changes.set(name, `The output ${name} is left empty: it would hold text that is masked as a secret. ${INSTEAD}`);
      return [name, ''];
    }
    changes.set(name, `The output ${name} has *** where it would hold text that is masked as a secret.`);
    return [name, shown];
  });
  return { outputs: Object.fromEntries(fitted) as Outputs, changes };
}

const INSTEAD = 'The file of the output trials_file has every trial.';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
