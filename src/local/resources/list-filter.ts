import { enumSchema } from '../../vertex/schema.ts';
import { type FilterFields, resourceFilter, type TextField } from '../api/list-filter.ts';
import type { Collection } from './store.ts';
import type { ResourceFields, TrainingPipeline } from './types.ts';

const EQUALITY = ['=', '!='];
const LIKENESS = [...EQUALITY, ':'];

/** A state by its name, where a filter gives its number. */
function stateName(value: string, collection: Collection): string {
  const states = enumSchema(collection === 'trainingPipelines' ? 'PipelineState' : 'JobState') ?? {};
  return Object.keys(states).find((name) => String(states[name]) === value) ?? value;
}

const DEFINITION: TextField<ResourceFields> = {
  read: (resource) => (resource as TrainingPipeline).trainingTaskDefinition,
  comparators: LIKENESS,
};

/** The fields and comparators of the list methods (the protos' comments on `filter`), and no others. */
function fieldsOf(collection: Collection): FilterFields<ResourceFields> {
  return {
    texts: {
      displayName: { read: ({ displayName }) => displayName, comparators: LIKENESS },
      state: {
        read: ({ state }) => state,
        comparators: EQUALITY,
        spelled: (value) => stateName(value, collection),
      },
      ...(collection === 'trainingPipelines' ? { trainingTaskDefinition: DEFINITION } : {}),
    },
    times: { createTime: ({ createTime }) => createTime },
    labels: ({ labels }) => labels,
  };
}

/** The test that a list of jobs' `filter` describes. Throws INVALID_ARGUMENT with the reason when it cannot be read. */
export function listFilter(text: string, collection: Collection): (resource: ResourceFields) => boolean {
  return resourceFilter(text, fieldsOf(collection));
}
