import type { Asking, PreflightRequest } from './asking.ts';
import { sourceAt } from './asking.ts';
import { callerOf } from './caller.ts';
import type { PreflightCheck, Source } from './check.ts';
import { dataChecks } from './data-checks.ts';
import { imageChecks } from './image-checks.ts';
import { jobNeed, LOGS_NEED, modelNeeds, OBJECTS_NEED } from './needs.ts';
import { modelChecks, resourceChecks } from './resource-checks.ts';

export type { PreflightRequest } from './asking.ts';
export type { PreflightCheck } from './check.ts';

/**
 * What Google is asked before anything is built, in the order in which it is told: of each region and hardware that the job may
 * run on, so that what two have in common stands twice. The image that is built is asked about by who builds it; without a job
 * to submit there is nothing else to ask.
 */
export function preflightChecks({ plan, ...request }: PreflightRequest): readonly PreflightCheck[] {
  if (!request.inputs.submit) return [];
  const caller = callerOf(request.inputs.signIn);
  const { built } = plan;
  const askings = plan.choices.map((choice): Asking => ({ ...request, plan: { ...choice, built }, caller }));
  // What else a job on this machine refers to is not Google's.
  const parts = plan.local
    ? [modelChecks]
    : [placeChecks, rightChecks, dataChecks, objectChecks, resourceChecks, modelChecks, imageChecks];
  return parts.flatMap((part) => askings.flatMap(part));
}

const PROJECT: Source = { input: 'project_id' };

function placeChecks({ plan: { draft, job }, inputs: { projectId: project }, caller }: Asking): PreflightCheck[] {
  const { region } = draft;
  const collection = `${job.parent}/${job.collection}`;
  return [
    {
      kind: 'project',
      project,
      source: PROJECT,
      caller,
      question: `Is there a project ${project}, and which is its number?`,
    },
    {
      kind: 'vertex-api',
      project,
      region,
      collection,
      source: PROJECT,
      caller,
      question: `Does Vertex AI answer in ${region} for project ${project}?`,
    },
  ];
}

function rightChecks({ plan, inputs: { projectId: project }, readsLogs, caller }: Asking): PreflightCheck[] {
  const { draft, job, origins } = plan;
  const needs = [
    jobNeed(job.collection, draft.study !== undefined),
    ...modelNeeds(plan),
    ...(readsLogs ? [LOGS_NEED] : []),
  ];
  const rights: PreflightCheck = {
    kind: 'permissions',
    project,
    needs,
    source: {},
    caller,
    question: `May this step ${needs.map(({ to }) => to).join(', and ')} in project ${project}?`,
  };
  const account = draft.spec.serviceAccount;
  if (account === undefined) return [rights];
  const source = sourceAt(origins, 'spec.serviceAccount');
  const question = `Is there a service account ${account}, and may this step submit jobs that run as it?`;
  return [rights, { kind: 'job-account', account, project, source, caller, question }];
}

const OUTPUT = 'spec.baseOutputDirectory.outputUriPrefix';

/** The rights on what the job writes, where the step reads that. */
function objectChecks({ plan: { draft, origins }, readsObjects = false, caller }: Asking): PreflightCheck[] {
  const prefix = draft.spec.baseOutputDirectory?.outputUriPrefix ?? '';
  const bucket = /^gs:\/\/([^/]+)/.exec(prefix)?.[1];
  if (!readsObjects || bucket === undefined) return [];
  const question = `May this step read what the job writes to gs://${bucket}?`;
  return [{ kind: 'objects', bucket, need: OBJECTS_NEED, source: sourceAt(origins, OUTPUT), caller, question }];
}
