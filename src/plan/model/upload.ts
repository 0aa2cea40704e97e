import type { Inputs, ModelInputs } from '../../inputs/inputs.ts';
import type { ContainerToServe, ModelToUpload } from '../../vertex/types.ts';

/** A model that the step itself uploads, once its job has succeeded and its gate has passed. */
export interface ModelUpload {
  /** `projects/P/locations/L`, the job's own. */
  readonly parent: string;
  /** Last part of the model's name; an existing model gets a new version. */
  readonly modelId: string;
  readonly displayName: string;
  /** Of the version, for people: the run that it is of. */
  readonly description: string;
  readonly containerSpec: ContainerToServe;
  /** The job's. */
  readonly labels: Readonly<Record<string, string>>;
  readonly aliases: readonly string[];
  readonly kmsKey: string | undefined;
  /** Whether it waits for a gate. */
  readonly gated: boolean;
}

/** Of a step's inputs, what decides on the upload. */
export type ModelAsked = Pick<Inputs, 'model'> & { readonly results: Pick<Inputs['results'], 'gate'> };

/** Whether a gate stands before the upload. */
export const isGated = ({ results }: Pick<ModelAsked, 'results'>): boolean => results.gate.length > 0;

/**
 * Who uploads the model: the training pipeline knows no gate, and only the step knows which trial it picked. Undefined where
 * there is none.
 */
export function uploaderOf(inputs: ModelAsked): 'pipeline' | 'step' | undefined {
  if (inputs.model === undefined) return undefined;
  return inputs.model.register !== undefined || isGated(inputs) ? 'step' : 'pipeline';
}

/** The full resource name of the model in the place of a job. */
export const modelName = ({ parent, modelId }: Pick<ModelUpload, 'parent' | 'modelId'>) =>
  `${parent}/models/${modelId}`;

/** What serves the model's predictions. */
function servingOf({ servingImage, predictRoute, healthRoute, ports }: ModelInputs): ContainerToServe {
  return {
    imageUri: servingImage,
    ...(predictRoute === undefined ? {} : { predictRoute }),
    ...(healthRoute === undefined ? {} : { healthRoute }),
    ...(ports.length === 0 ? {} : { ports: ports.map((containerPort) => ({ containerPort })) }),
  };
}

/** The model as a training pipeline is given it: its files are those of the training. */
export function modelOfPipeline(model: ModelInputs, labels: Readonly<Record<string, string>>): ModelToUpload {
  return {
    displayName: model.modelId,
    containerSpec: servingOf(model),
    labels,
    ...(model.aliases.length === 0 ? {} : { versionAliases: model.aliases }),
  };
}

interface UploadParts extends Pick<ModelUpload, 'parent' | 'labels' | 'kmsKey' | 'gated'> {
  readonly model: ModelInputs;
  /** Of the job. */
  readonly displayName: string;
}

/** The upload of the model that a job trains. */
export const planUpload = ({ model, displayName, ...rest }: UploadParts): ModelUpload => ({
  ...rest,
  modelId: model.modelId,
  displayName: model.modelId,
  description: displayName,
  containerSpec: servingOf(model),
  aliases: model.aliases,
});
