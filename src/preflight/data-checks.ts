import type { Draft } from '../plan/draft.ts';
import type { Origins } from '../plan/findings.ts';
import { type Asking, sourceAt } from './asking.ts';
import type { BucketUse, PreflightCheck, Source } from './check.ts';

const DATASET = /^bq:\/\/((?:[a-z0-9.-]+:)?[a-z0-9-]+)\.(\w+)$/i;

/** The buckets and datasets that the plan lists. */
export function dataChecks(asking: Asking): PreflightCheck[] {
  const { plan, inputs, caller } = asking;
  const { draft, origins } = plan;
  const { region } = draft;
  const texts = textsOf(draft);
  return plan.checks.flatMap(({ kind, subject, question }): PreflightCheck[] => {
    if (kind !== 'data-location') return [];
    const named = texts.filter(({ text }) => names(text, subject));
    const source = sourceOf(origins, named[0]);
    const common = { region, source, caller, question };
    const [, owner = '', dataset = ''] = DATASET.exec(subject) ?? [];
    if (dataset !== '') return [{ kind: 'dataset', project: owner, dataset, ...common }];
    const use = named.some(({ path }) => path === OUTPUT) ? outputUse(asking) : 'data';
    const account = draft.spec.serviceAccount;
    const bucket = subject.replace(/^gs:\/\//, '');
    return [{ kind: 'bucket', bucket, use, project: inputs.projectId, account, ...common }];
  });
}

const OUTPUT = 'spec.baseOutputDirectory.outputUriPrefix';

function outputUse({ plan: { draft, job, upload } }: Asking): BucketUse {
  if (draft.spec.tensorboard !== undefined) return 'tensorboard-output';
  return upload !== undefined || job.collection === 'trainingPipelines' ? 'model-output' : 'output';
}

interface Text {
  /** The part of the draft that it is of: a whole list, as inputs give it. */
  readonly path: string;
  /** The item of the list. */
  readonly item?: string;
  readonly text: string;
}

/** An input gives a list as a whole; in a config each item has a line of its own. */
function sourceOf(origins: Origins, { path, item }: Partial<Text> = {}): Source {
  const whole = sourceAt(origins, path ?? '');
  return whole.input === undefined && item !== undefined ? sourceAt(origins, item) : whole;
}

/** The texts that may name data, the output folder first. */
function textsOf({ spec }: Draft): readonly Text[] {
  const prefix = spec.baseOutputDirectory?.outputUriPrefix;
  const output = prefix === undefined ? [] : [{ path: OUTPUT, text: prefix }];
  const programs = spec.workerPoolSpecs.flatMap(({ containerSpec, pythonPackageSpec }, index) => {
    const program = pythonPackageSpec ?? containerSpec;
    const path = `spec.workerPoolSpecs[${index}].${pythonPackageSpec === undefined ? 'containerSpec' : 'pythonPackageSpec'}`;
    const of = (field: string, texts: readonly string[], within = '') =>
      texts.map((text, at) => ({ path: `${path}.${field}`, item: `${path}.${field}[${at}]${within}`, text }));
    const values = (program?.env ?? []).map(({ value }) => value);
    return [
      ...of('args', program?.args ?? []),
      ...of('env', values, '.value'),
      ...of('packageUris', pythonPackageSpec?.packageUris ?? []),
    ];
  });
  return [...output, ...programs];
}

/** Whether a text names a bucket, by its address or as a folder, or a dataset. */
function names(text: string, subject: string): boolean {
  const forms = subject.startsWith('gs://') ? [subject, subject.replace('gs://', '/gcs/')] : [subject];
  return forms.some((form) => {
    const at = text.indexOf(form);
    return at !== -1 && !/^[a-z0-9_-]/i.test(text.slice(at + form.length));
  });
}
