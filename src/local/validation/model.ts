import type { MessageSchema } from '../../vertex/schema.ts';
import type { EnvVar } from '../../vertex/types.ts';
import type { Model, TrainingPipeline } from '../resources/types.ts';
import { bucketOf } from '../storage/buckets.ts';
import { type Finding, findingUnless, REQUIRED, refuse, under } from './findings.ts';
import { type Named, namedFindings } from './names.ts';
import { normalise } from './normalise.ts';
import { envFindings, imageFindings } from './pools/program.ts';
import { requiredFindings } from './required.ts';

const ID_RULE =
  'The model ID can have up to 63 characters of `[a-z0-9_-]`, of which the first cannot be a number or hyphen.';
const PARENT_RULE = 'A model of the form `projects/{project}/locations/{location}/models/{model}` is required.';
const ALIAS_RULE = 'A version alias has the format `[a-z][a-zA-Z0-9-]{0,126}[a-z0-9]`.';

/** One without files may hold all it needs in its image; a pipeline's has them in AIP_MODEL_DIR (docs training/code-requirements). */
function artifactFindings({ artifactUri }: Model): Finding[] {
  const isUri = artifactUri === undefined || bucketOf(artifactUri) !== undefined;
  return findingUnless(isUri, 'artifact_uri', 'A Cloud Storage URI (gs://bucket/path) is required.');
}

/** What of ModelContainerSpec has rules. */
interface ContainerToServe {
  readonly imageUri?: string;
  readonly env?: readonly EnvVar[];
  readonly ports?: readonly { readonly containerPort?: number }[];
}

/** What the rules of ModelContainerSpec refuse (model.proto); its protos do not mark the image as required, their comment does. */
function containerFindings({ imageUri, env = [], ports = [] }: ContainerToServe, field: string): Finding[] {
  const isPort = (port: number) => port >= 1 && port <= 65_535;
  return [
    ...findingUnless(imageUri !== undefined, `${field}.image_uri`, REQUIRED),
    ...imageFindings(imageUri, `${field}.image_uri`),
    ...envFindings(env, `${field}.env`),
    ...ports.flatMap(({ containerPort = 0 }, index) =>
      findingUnless(isPort(containerPort), `${field}.ports[${index}].container_port`, 'Must be between 1 and 65535.'),
    ),
  ];
}

/** What the rules of Model refuse (the proto's comments) beside what is required. */
export function modelFindings(model: Model & Named): Finding[] {
  return [
    ...namedFindings(model),
    ...containerFindings(model.containerSpec ?? {}, 'container_spec'),
    ...aliasFindings(model.versionAliases ?? []),
    ...artifactFindings(model),
  ];
}

/** What the rule of version aliases refuses (the proto's comment). */
function aliasFindings(aliases: readonly string[]): Finding[] {
  return aliases.flatMap((alias, index) =>
    /^[a-z][a-zA-Z0-9-]{0,126}[a-z0-9]$/.test(alias)
      ? []
      : [{ field: `version_aliases[${index}]`, message: ALIAS_RULE }],
  );
}

/** The parts of a model's full name, or undefined when it is none. */
export function modelNameParts(
  name: string,
): { readonly project: string; readonly location: string; readonly id: string } | undefined {
  const [, project, location, id] =
    /^projects\/([^/]+)\/locations\/([^/]+)\/models\/([a-z0-9_-]{1,63})$/.exec(name) ?? [];
  return project === undefined || location === undefined || id === undefined ? undefined : { project, location, id };
}

/** What the rules of an upload's `model_id` and `parent_model` refuse, and of a pipeline's. */
export function modelIdFindings({
  modelId,
  parentModel,
}: Pick<TrainingPipeline, 'modelId' | 'parentModel'>): Finding[] {
  const findings: Finding[] = [];
  if (modelId !== undefined && !/^[a-z_][a-z0-9_-]{0,62}$/.test(modelId)) {
    findings.push({ field: 'model_id', message: ID_RULE });
  }
  if (parentModel !== undefined && modelNameParts(parentModel) === undefined) {
    findings.push({ field: 'parent_model', message: PARENT_RULE });
  }
  return findings;
}

/** UploadModelRequest and MergeVersionAliasesRequest (model_service.proto); what stands in the path may come again. */
const UPLOAD: MessageSchema = {
  parent: { type: 'string' },
  parentModel: { type: 'string' },
  modelId: { type: 'string' },
  model: { type: 'Model' },
  serviceAccount: { type: 'string' },
};
const MERGE: MessageSchema = { name: { type: 'string' }, versionAliases: { type: 'string', repeated: true } };

/** What `models:upload` is asked for. */
export interface UploadRequest {
  readonly model: Model;
  readonly modelId?: string;
  readonly parentModel?: string;
}

/** The upload that a request asks for, in the form of answers; throws every refusal at once. */
export function readUpload(body: unknown): UploadRequest {
  const request = normalise(body ?? {}, 'UploadModelRequest', '', UPLOAD) as Partial<UploadRequest>;
  const { model } = request;
  refuse([
    ...findingUnless(model !== undefined, 'model', REQUIRED),
    ...requiredFindings(model, 'Model', 'model'),
    ...(model === undefined ? [] : under('model', modelFindings(model))),
    ...modelIdFindings(request),
  ]);
  if (model === undefined) throw new Error('an upload without a model was not refused');
  return { ...request, model };
}

/** The aliases that a `:mergeVersionAliases` request gives a version, and those that it takes by a leading `-`. */
export function readAliases(body: unknown): {
  readonly added: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
} {
  const { versionAliases = [] } = normalise(body ?? {}, 'MergeVersionAliasesRequest', '', MERGE) as {
    readonly versionAliases?: readonly string[];
  };
  const isRemoved = (alias: string) => alias.startsWith('-');
  const bare = (alias: string) => alias.replace(/^-/, '');
  refuse([
    ...(versionAliases.length === 0 ? [{ field: 'version_aliases', message: REQUIRED }] : []),
    ...aliasFindings(versionAliases.map(bare)),
  ]);
  return {
    added: new Set(versionAliases.filter((alias) => !isRemoved(alias))),
    removed: new Set(versionAliases.filter(isRemoved).map(bare)),
  };
}
