import type { Inputs, ResultInputs } from '../inputs/inputs.ts';
import type { RunContext } from '../inputs/run-context.ts';
import { AFTER_START_MS, BEFORE_TOKEN_END_MS } from '../job/watch/detach.ts';
import { spanText } from '../span.ts';
import type { Plan } from './plan.ts';
import { secondsOf } from './rules/rule.ts';

/** What becomes of the job once it is submitted: how long the step follows it, and what it makes of its end. */
export interface Afterwards extends Omit<ResultInputs, 'githubToken'> {
  readonly wait: boolean;
  /** Seconds; undefined leaves it to the sign-in. */
  readonly detachAfter: number | undefined;
}

/** What a plan holds of those inputs: all but the token. */
export function afterwardsOf({ results, wait, course }: Pick<Inputs, 'results' | 'wait' | 'course'>): Afterwards {
  const { githubToken: _secret, ...asked } = results;
  return { ...asked, wait, detachAfter: course.detachAfterSeconds };
}

type Told = Pick<Plan, 'after' | 'draft' | 'bounds' | 'local' | 'choices'>;

/** How long the job is followed, and by what it is ended; a job on this machine ends with its step. */
export function timeLines({ after, draft, bounds, local }: Told): string[] {
  if (local) return [];
  const timeout = spanText((secondsOf(draft.spec.scheduling?.timeout) ?? 0) * 1_000);
  const what = draft.study === undefined ? 'the job' : 'each trial';
  const ends = `Vertex AI ends ${what} after ${timeout} of running (timeout)`;
  const { wait, detachAfter } = after;
  if (!wait) return [`Time: ${ends}; this step ends once the job is submitted (wait: false)`];
  const followedMs = detachAfter === undefined ? AFTER_START_MS : detachAfter * 1_000;
  const token =
    detachAfter === undefined ? `, or until ${spanText(BEFORE_TOKEN_END_MS)} before its sign-in's token ends,` : '';
  const follows = `this step follows the job for ${spanText(followedMs)}${token} and then leaves it to run on (detach_after)`;
  const later = bounds.wallHours * 3_600_000 > followedMs ? ', for a later step with the input job to follow' : '';
  return [`Time: ${ends}; ${follows}${later}`];
}

/** What is made of the job's results, as far as anything is asked for; the model has lines of its own. */
export function resultLines({ after, draft, local, choices }: Told): string[] {
  const { metricsFile, gate, pick, download, comment } = after;
  const folder = draft.spec.baseOutputDirectory?.outputUriPrefix.replace(/\/+$/, '') ?? '';
  const { study } = draft;
  const several = (study?.studySpec.metrics.length ?? 0) > 1;
  const model = study === undefined ? `${folder}/model` : `${folder}/TRIAL/model of the best trial`;
  const regions = [...new Set(choices.map(({ region }) => region))].join(', ');
  return [
    ...(several ? [`Best trial: by ${pick}, of those that no other is better than (pick)`] : []),
    ...(metricsFile === undefined ? [] : [`Metrics: those that the program writes to ${folder}/${metricsFile}`]),
    ...(gate.length === 0
      ? []
      : [
          `Gate: ${gate.map(({ text }) => text).join(' and ')}, ${study === undefined ? 'of the metrics file' : 'of the best trial'}, once the job has succeeded; else the step fails`,
        ]),
    ...(needsBaseline(after) || (after.comment && !local) ? [baselineText(after, local, regions)] : []),
    ...(download === undefined ? [] : [`Download: ${model} into the folder ${download} of the workspace`]),
    ...(comment
      ? ['Comment: in the pull request that the workflow runs for; where it runs for none, there is none']
      : []),
  ];
}

const needsBaseline = ({ gate }: Afterwards) => gate.some(({ bound }) => bound.kind === 'baseline');

/** Whether a baseline is looked up, as far as a plan can tell: for the comment, a run that belongs to a pull request needs one. */
export const comparesWithBaseline = (after: Afterwards) => needsBaseline(after) || after.comment;

function baselineText(after: Afterwards, local: boolean, regions: string): string {
  if (local) return 'Baseline: none, as what region local knows ends with its step; rules on it pass';
  const whom = needsBaseline(after) ? 'for the gate' : 'for the comment';
  return `Baseline: ${whom}, the last job of this step (repository, workflow file, job, id, matrix leg, job_key) on the default branch whose workflow run succeeded; looked up in ${regions} before the build, and without one rules on it pass`;
}

type Folder = Pick<Told, 'after' | 'draft' | 'local'> & {
  readonly context: RunContext;
  /** Whether a model is uploaded, by whomever. */
  readonly uploads: boolean;
};

/** A folder that all runs share holds what each of them left: what is read of it may be another's. */
export function folderSuggestions({ after, draft, local, context, uploads }: Folder): string[] {
  const prefix = draft.spec.baseOutputDirectory?.outputUriPrefix;
  const isRead = uploads || after.metricsFile !== undefined || after.download !== undefined;
  if (prefix === undefined || local || !isRead || namesRun(prefix, context)) return [];
  return [
    `give each run an output folder of its own: output_uri names neither this run nor its commit, so that each run may read what another wrote. gs://my-bucket/runs/\${{ github.run_id }} does.`,
  ];
}

/** Whether a part of the address is the run's id or number, or its commit. */
function namesRun(uri: string, { runId, runNumber, sha }: RunContext): boolean {
  const parts = uri.split(/[^0-9A-Za-z]+/);
  return parts.some((part) => part !== '' && (part === runId || part === runNumber || isCommit(part, sha)));
}

const isCommit = (part: string, sha: string) => part.length >= 7 && sha.startsWith(part);
