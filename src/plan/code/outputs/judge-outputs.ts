import { type Fault, shown } from '../../../faults.ts';
import type { Word } from '../launch/argv.ts';
import { baseName } from '../paths.ts';
import type { Code } from '../python/code.ts';
import type { NamedCall } from '../python/places.ts';
import { runsUnseen } from '../python/sight.ts';
import { textOf } from '../python/tree.ts';
import { type Finding, type Outputs, perhaps } from '../request.ts';

/** What names the job's folder in Cloud Storage: the variables that Vertex AI sets, the bucket's folder, its address. */
const FOLDER = /AIP_|CLOUD_ML_JOB|\/gcs\b|gs:\/\//;
/** Libraries through which a program may learn of its folder without naming it: configuration files, and Cloud Storage by buckets. */
const OTHER_WAYS = new Set(
  'configparser dotenv google hydra omegaconf pydantic ruamel toml tomli tomllib yaml'.split(' '),
);

/**
 * Whether a program writes what is read of it once it has ended: else that is found out when its run is paid for. Nothing is said
 * where some of its code is out of sight, or where it may be told its folder in other ways.
 */
export function judgeOutputs(
  code: Code,
  calls: readonly NamedCall[],
  words: readonly Word[],
  { model, metricsFile, texts }: Outputs,
): Finding[] {
  if (!model && metricsFile === undefined) return [];
  const seen = code.whole && !runsUnseen(calls) && words.every(({ text }) => text !== undefined);
  if (!seen || [...code.outside].some((module) => OTHER_WAYS.has(module.split('.')[0] ?? ''))) return [];
  const all = [...texts, ...words.flatMap(({ text }) => text ?? []), ...stringsOf(code)];
  const names = (part: RegExp | string) =>
    all.some((text) => (typeof part === 'string' ? text.includes(part) : part.test(text)));
  const place = { file: code.main.file, line: code.main.linesBefore + 1, column: 1 };
  const warn = (fault: Omit<Fault, 'place'>): Finding => perhaps({ ...fault, place });
  const found: Finding[] = [];
  if (model && !names(FOLDER)) found.push(warn(noModel));
  if (metricsFile !== undefined && !names(baseName(metricsFile))) found.push(warn(noMetricsFile(metricsFile)));
  return found;
}

const LONGEST = 2000;

const stringsOf = ({ modules }: Code): string[] =>
  [...modules.values()].flatMap(({ strings, text }) => strings.map((node) => textOf(node, text).slice(0, LONGEST)));

const noModel = {
  rule: 'model-not-written',
  message:
    'no code names the folder that the model is taken from, AIP_MODEL_DIR: there would be none to upload or download once the job is paid for. Write the model to os.environ["AIP_MODEL_DIR"].replace("gs://", "/gcs/").',
};

const noMetricsFile = (path: string) => ({
  rule: 'metrics-file-not-written',
  message: `no code names ${shown(baseName(path))}, which metrics_file is to be read from: the step would fail once the job is paid for. Write a JSON object of numbers to ${shown(path)} below the output folder, the one above AIP_MODEL_DIR.`,
});
