import { parseDocument } from 'yaml';
import { INPUT_NAMES, type InputName } from '../../src/inputs/raw.ts';
import { isRecord } from '../../src/json.ts';
import { errorsOf, errorsOfStep, jobsIn, stepsIn, type Values } from './plan-blocks.ts';

/** What a YAML block of a page is. */
export type YamlKind = 'workflow' | 'part of a workflow' | 'steps' | 'inputs' | 'config';

const WORKFLOW_KEYS = ['name', 'on', 'permissions', 'concurrency', 'env', 'defaults', 'run-name'];
const CONFIG_KEYS = ['workerPoolSpecs', 'worker_pool_specs', 'jobSpec', 'studySpec', 'trialJobSpec', 'displayName'];
/** What a step has to say where a block shows other inputs alone, which are for some other program than the one of examples/digits. */
const LEAST = {
  project_id: 'my-project',
  region: 'us-central1',
  image: 'us-central1-docker.pkg.dev/my-project/r/digits',
  ignore: 'flag-unknown',
};

const isStep = (value: unknown) => isRecord(value) && ('uses' in value || 'run' in value);
const isInput = (name: string) => INPUT_NAMES.includes(name as InputName);

/** What a value is by its keys; undefined for what is nothing that a reader of these pages would write. */
export function kindOf(value: unknown): YamlKind | undefined {
  if (Array.isArray(value)) return value.length > 0 && value.every(isStep) ? 'steps' : undefined;
  if (!isRecord(value)) return undefined;
  const keys = Object.keys(value);
  if (keys.includes('jobs')) return keys.includes('on') ? 'workflow' : 'part of a workflow';
  if (keys.length === 1 && isRecord(value['with'])) return 'inputs';
  if (keys.every((key) => WORKFLOW_KEYS.includes(key))) return 'part of a workflow';
  if (keys.some((key) => CONFIG_KEYS.includes(key))) return 'config';
  // A name that is misspelt is told as such.
  return keys.some(isInput) ? 'inputs' : undefined;
}

/** Inputs that a block shows alone; a setting of the study makes a tuning job, which has metrics. */
function errorsOfInputs(value: Values): string[] {
  const shown = isRecord(value['with']) ? value['with'] : value;
  const metrics = 'parameters' in shown && !('metrics' in shown) ? { metrics: 'accuracy: maximize' } : {};
  return errorsOf({ ...LEAST, ...metrics, ...shown });
}

/** A config as the step is given it, with something for each of its variables. */
function errorsOfConfig(config: string): string[] {
  const variables = [...config.matchAll(/(?<!\$)\$\{(\w+)\}/g)].map(([, name]) => `${name}=1`).join('\n');
  return errorsOf({ ...LEAST, config, variables });
}

/** Everything that is wrong with a YAML block but for what linters say: its form, and the plan of each of its steps. */
export function errorsOfYaml(text: string): readonly string[] {
  const document = parseDocument(text);
  if (document.errors.length > 0) return document.errors.map(({ message }) => message);
  const value: unknown = document.toJS();
  const kind = kindOf(value);
  if (kind === undefined)
    return ['is neither a workflow, a part of one, steps, inputs nor a config of gcloud; or call it text'];
  if (kind === 'config') return errorsOfConfig(text);
  if (kind === 'inputs') return errorsOfInputs(value as Values);
  return jobsIn(text).flatMap((job) => job.steps.flatMap((step) => errorsOfStep(step, job)));
}

const indented = (text: string, spaces: number) => text.replaceAll(/^(?=.)/gm, ' '.repeat(spaces));

const HEAD = 'name: Block\non: workflow_dispatch\npermissions: {}\nconcurrency: block\n';
const JOB =
  '  block:\n    name: Block\n    runs-on: ubuntu-latest\n    permissions: { contents: read, id-token: write } # signs in\n';
/** For fragments that read what the step before them hands on. */
const TRAIN = '      - id: train\n        uses: OWNER/train-on-vertex@v1\n';

/** A block as the whole workflow that it is or belongs to, for linters; undefined for what belongs to none. */
export function workflowOf(text: string): string | undefined {
  const value: unknown = parseDocument(text).toJS();
  const kind = kindOf(value);
  if (kind === 'workflow') return text;
  if (kind === 'steps') {
    const before = stepsIn(text).some(({ id }) => id === 'train') ? '' : TRAIN;
    return `${HEAD}jobs:\n${JOB}    steps:\n${before}${indented(text, 6)}`;
  }
  if (kind !== 'part of a workflow' || !isRecord(value)) return undefined;
  const head = HEAD.split('\n').filter((line) => !Object.keys(value).includes(line.split(':')[0] ?? ''));
  const jobs = 'jobs' in value ? '' : `jobs:\n${JOB}    steps:\n${TRAIN}`;
  return `${head.join('\n')}\n${text}${jobs}`;
}
