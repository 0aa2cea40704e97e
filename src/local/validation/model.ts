import type { Model, TrainingPipeline } from '../resources/types.ts';
import { bucketOf } from '../storage/buckets.ts';
import { type Finding, labelFindings, nameFindings, REQUIRED } from './findings.ts';

const ID_RULE =
  'The model ID can have up to 63 characters of `[a-z0-9_-]`, of which the first cannot be a number or hyphen.';
const PARENT_RULE = 'A model of the form `projects/{project}/locations/{location}/models/{model}` is required.';
const ALIAS_RULE = 'A version alias has the format `[a-z][a-zA-Z0-9-]{0,126}[a-z0-9]`.';

function artifactFindings({ artifactUri }: Model, hasModelDir: boolean): Finding[] {
  const field = 'artifact_uri';
  if (artifactUri !== undefined) {
    const message = 'A Cloud Storage URI (gs://bucket/path) is required.';
    return bucketOf(artifactUri) !== undefined ? [] : [{ field, message }];
  }
  const message =
    'Required where the training task has no `base_output_directory`: with one, it defaults to AIP_MODEL_DIR.';
  return hasModelDir ? [] : [{ field, message }];
}

/** What the rules of Model refuse (the proto's comments); `hasModelDir`: whether the task sets AIP_MODEL_DIR. */
export function modelFindings(model: Model, hasModelDir: boolean): Finding[] {
  const findings = [...nameFindings(model.displayName), ...labelFindings(model.labels)];
  const { containerSpec, versionAliases = [] } = model;
  if (containerSpec?.imageUri === undefined) findings.push({ field: 'container_spec.image_uri', message: REQUIRED });
  for (const [index, alias] of versionAliases.entries()) {
    if (/^[a-z][a-zA-Z0-9-]{0,126}[a-z0-9]$/.test(alias)) continue;
    findings.push({ field: `version_aliases[${index}]`, message: ALIAS_RULE });
  }
  return [...findings, ...artifactFindings(model, hasModelDir)];
}

/** The parts of a model's full name, or undefined when it is none. */
export function modelNameParts(
  name: string,
): { readonly project: string; readonly location: string; readonly id: string } | undefined {
  const [, project, location, id] =
    /^projects\/([^/]+)\/locations\/([^/]+)\/models\/([a-z0-9_-]{1,63})$/.exec(name) ?? [];
  return project === undefined || location === undefined || id === undefined ? undefined : { project, location, id };
}

/** What the rules of a pipeline's `model_id` and `parent_model` refuse. */
export function modelIdFindings({ modelId, parentModel }: TrainingPipeline): Finding[] {
  const findings: Finding[] = [];
  if (modelId !== undefined && !/^[a-z_][a-z0-9_-]{0,62}$/.test(modelId)) {
    findings.push({ field: 'model_id', message: ID_RULE });
  }
  if (parentModel !== undefined && modelNameParts(parentModel) === undefined) {
    findings.push({ field: 'parent_model', message: PARENT_RULE });
  }
  return findings;
}
