import { type FilterFields, resourceFilter } from '../api/list-filter.ts';
import type { Model } from '../resources/types.ts';

const EQUALITY = ['=', '!='];

/** The fields of ListModelsRequest.filter; no model here has a base model. */
const MODEL: FilterFields<Model> = {
  texts: {
    model: { read: ({ name = '' }) => name.split('/').at(-1), comparators: EQUALITY },
    displayName: { read: ({ displayName }) => displayName, comparators: EQUALITY },
    baseModelName: { read: () => undefined, comparators: ['='] },
  },
  times: {},
  labels: ({ labels }) => labels,
};

/** The test that `filter` describes for a list of models. Throws INVALID_ARGUMENT with the reason when it cannot be read. */
export const modelFilter = (text: string): ((model: Model) => boolean) => resourceFilter(text, MODEL);

/** The same for a list of a model's versions, which takes labels alone (ListModelVersionsRequest.filter). */
export const versionFilter = (text: string): ((model: Model) => boolean) =>
  resourceFilter(text, { ...MODEL, texts: {} });
