import type { Inputs } from '../inputs/inputs.ts';
import type { Draft } from './draft.ts';
import type { ImagePlan } from './image/types.ts';
import type { JobPlan } from './job.ts';
import { modelName } from './model/upload.ts';

/** Something that only the network can answer; another room asks, and reports like a finding. */
export interface Check {
  readonly kind: 'model-version' | 'data-location' | 'base-image' | 'image-access';
  /** What is looked up: a resource name, a gs:// or bq:// address, an image. */
  readonly subject: string;
  /** The question, in words. */
  readonly question: string;
}

type Asked = Pick<Inputs, 'projectId' | 'model'>;

/** The checks that are still to make over the network before the job is submitted. */
export function networkChecks(draft: Draft, { parent }: JobPlan, { projectId, model }: Asked): readonly Check[] {
  // Buckets are folders where the job runs on this machine.
  const names = draft.region === 'local' ? [] : dataNames(draft);
  const checks: Check[] = names.map((subject) => ({
    kind: 'data-location',
    subject,
    question: `Is ${subject} in ${draft.region} and in project ${projectId}, as the job is?`,
  }));
  if (model !== undefined) {
    const subject = modelName({ parent, modelId: model.modelId });
    checks.push({
      kind: 'model-version',
      subject,
      question: `Does ${subject} exist, so that the upload becomes its next version?`,
    });
  }
  return checks;
}

/** What is asked of registries before an image is built. */
export function imageChecks(image: ImagePlan | undefined): readonly Check[] {
  if (image === undefined) return [];
  const [{ image: base }] = image.bases;
  const question = `Is ${base} to be had, and by which digest?`;
  return [
    ...(image.takesBase ? [{ kind: 'base-image', subject: base, question } as const] : []),
    ...(image.push ? [accessCheck(image.repository)] : []),
  ];
}

const accessCheck = (repository: string): Check => ({
  kind: 'image-access',
  subject: repository,
  question: `May this step push to ${repository}, and Vertex AI pull from it?`,
});

const BUCKET = /(?:gs:\/\/|(?<![\w/])\/gcs\/)([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])/g;
/** bq://PROJECT.DATASET of a table's address too; a project may stand behind its domain. */
const DATASET = /bq:\/\/(?:[a-z0-9.-]+:)?[a-z0-9-]+\.\w+/gi;

/** Buckets and BigQuery datasets that the arguments, variables and output folder name. */
function dataNames({ spec }: Draft): readonly string[] {
  const texts = spec.workerPoolSpecs.flatMap(({ containerSpec, pythonPackageSpec }) => {
    const program = pythonPackageSpec ?? containerSpec;
    return [
      ...(program?.args ?? []),
      ...(program?.env ?? []).map(({ value }) => value),
      ...(pythonPackageSpec?.packageUris ?? []),
    ];
  });
  texts.push(spec.baseOutputDirectory?.outputUriPrefix ?? '');
  const buckets = texts.flatMap((text) => [...text.matchAll(BUCKET)].map(([, name]) => `gs://${name}`));
  const datasets = texts.flatMap((text) => [...text.matchAll(DATASET)].map(([name]) => name));
  return [...new Set([...buckets, ...datasets])].sort();
}
