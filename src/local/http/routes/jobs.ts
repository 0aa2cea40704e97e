import { checkMask, masked } from '../../api/read-mask.ts';
import type { Jobs } from '../../jobs/jobs.ts';
import { listFilter } from '../../resources/list-filter.ts';
import type { Operations } from '../../resources/operations.ts';
import { type Collection, isCollection, KINDS } from '../../resources/store.ts';
import type { ResourceFields } from '../../resources/types.ts';
import { readCustomJob, readTuningJob } from '../../validation/job.ts';
import { readPipeline } from '../../validation/pipeline.ts';
import { pageOf } from '../page.ts';
import { type ApiRequest, type Handlers, parameter, type Target } from '../request.ts';

function collectionOf(target: Target): Collection {
  if (!isCollection(target.collection)) throw new Error(`${target.collection} holds no jobs`);
  return target.collection;
}

function create(jobs: Jobs, target: Target, { body }: ApiRequest): object {
  const { place } = target;
  switch (collectionOf(target)) {
    case 'customJobs':
      return jobs.createCustomJob(place, readCustomJob(body));
    case 'hyperparameterTuningJobs':
      return jobs.createTuningJob(place, readTuningJob(body));
    case 'trainingPipelines':
      return jobs.createPipeline(place, readPipeline(body));
  }
}

/** A list answer holds the jobs without their trials. */
function withoutTrials(job: ResourceFields): ResourceFields {
  const { trials: _trials, ...rest } = job as ResourceFields & { readonly trials?: unknown };
  return rest;
}

function list(jobs: Jobs, target: Target, { query }: ApiRequest): object {
  const filter = query.get('filter') ?? '';
  const passes = listFilter(filter, collectionOf(target));
  const all = jobs.store.list(target.place, collectionOf(target)).map(({ resource }) => resource);
  return pageOf(query, {
    key: target.collection,
    message: KINDS[collectionOf(target)].name,
    found: all.filter(passes).map(withoutTrials),
    keyOf: ({ name = '' }) => name,
    request: [target.collection, target.place.projectNumber, target.place.location, filter],
  });
}

/** The methods of custom jobs, tuning jobs and training pipelines. */
export function jobHandlers(jobs: Jobs, operations: Operations): Handlers {
  const recordOf = (target: Target) => jobs.store.get(target.place, collectionOf(target), target.id ?? '');
  return {
    'POST collection': (target, request) => create(jobs, target, request),
    'GET collection': (target, request) => list(jobs, target, request),
    'GET item': (target, { query }) => {
      const mask = parameter(query, 'readMask', 'read_mask');
      checkMask(mask, KINDS[collectionOf(target)].name);
      return masked(recordOf(target).resource, mask);
    },
    'POST item:cancel': (target) => {
      jobs.cancel(recordOf(target));
      return {};
    },
    'DELETE item': (target) => {
      jobs.delete(recordOf(target));
      return operations.deleted(target.place);
    },
  };
}
