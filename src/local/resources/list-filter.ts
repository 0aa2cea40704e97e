import { enumSchema } from '../../vertex/schema.ts';
import { type FilterFields, resourceFilter, type TextField } from '../api/list-filter.ts';
import type { Collection } from './store.ts';
import type { ResourceFields, TrainingPipeline } from './types.ts';

const COMPARATORS = ['=', '!=', ':'];

/** A state by its name, where a filter gives its number. */
function stateName(value: string, collection: Collection): string {
  const states = enumSchema(collection === 'trainingPipelines' ? 'PipelineState' : 'JobState') ?? {};
  return Object.keys(states).find((name) => String(states[name]) === value) ?? value;
}

const DEFINITION: TextField<ResourceFields> = {
  read: (resource) => (resource as TrainingPipeline).trainingTaskDefinition,
  comparators: COMPARATORS,
};

function fieldsOf(collection: Collection): FilterFields<ResourceFields> {
  return {
    texts: {
      displayName: { read: ({ displayName }) => displayName, comparators: COMPARATORS },
      state: {
        read: ({ state }) => state,
        comparators: COMPARATORS,
        spelled: (value) => stateName(value, collection),
      },
      ...(collection === 'trainingPipelines' ? { trainingTaskDefinition: DEFINITION } : {}),
    },
    times: {
      createTime: ({ createTime }) => createTime,
      startTime: ({ startTime }) => startTime,
      endTime: ({ endTime }) => endTime,
      updateTime: ({ updateTime }) => updateTime,
    },
    labels: ({ labels }) => labels,
  };
}

/** The test that a list of jobs' `filter` describes. Throws INVALID_ARGUMENT with the reason when it cannot be read. */
export function listFilter(text: string, collection: Collection): (resource: ResourceFields) => boolean {
  return resourceFilter(text, fieldsOf(collection));
}
