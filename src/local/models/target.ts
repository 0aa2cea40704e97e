import { ApiError } from '../api/errors.ts';
import { type Place, parentName, projectNumber } from '../api/ids.ts';
import type { TrainingPipeline } from '../resources/types.ts';
import { refuse } from '../validation/findings.ts';
import { modelNameParts } from '../validation/model.ts';
import type { ModelStore } from './store.ts';

/**
 * The full name of the model that an upload or a pipeline asks for, or undefined when the service picks its id.
 * `parentModel` comes before `modelId`. Throws where the parent is in another place (a model is always where its pipeline
 * is) or does not exist, and where the id is taken; of a pipeline the service is not known to look for either before the
 * training has been paid, this one does.
 */
export function modelTarget(
  place: Place,
  { modelId, parentModel }: Pick<TrainingPipeline, 'modelId' | 'parentModel'>,
  models: ModelStore,
): string | undefined {
  const parts = modelNameParts(parentModel ?? '');
  if (parts === undefined) return newName(place, modelId, models);
  const name = `projects/${projectNumber(parts.project)}/locations/${parts.location}/models/${parts.id}`;
  if (name !== `${parentName(place)}/models/${parts.id}`) {
    refuse([{ field: 'parent_model', message: `The parent model must be in ${parentName(place)}.` }]);
  }
  if (!models.has(name)) throw new ApiError('NOT_FOUND', `The Model does not exist: ${name}`);
  return name;
}

function newName(place: Place, modelId: string | undefined, models: ModelStore): string | undefined {
  if (modelId === undefined) return undefined;
  const name = `${parentName(place)}/models/${modelId}`;
  if (models.has(name)) {
    throw new ApiError(
      'ALREADY_EXISTS',
      `The Model already exists: ${name}. A new version of it names it as parent_model.`,
    );
  }
  return name;
}
