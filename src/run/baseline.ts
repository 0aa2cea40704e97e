import { findBaseline } from '../baseline/find.ts';
import { messageOf, UserError } from '../faults.ts';
import { defaultBranchOf } from '../github/default-branch.ts';
import { askGithub } from '../github/request.ts';
import { githubRuns, runUrl } from '../github/runs.ts';
import { bestOf } from '../results/best.ts';
import type { Baseline, Metrics } from '../results/types.ts';
import { type Collection, type Job, locationOf } from '../vertex/jobs.ts';
import { epochOf } from '../vertex/times.ts';
import { type Github, githubOf } from './github.ts';
import { placesOf } from './request.ts';
import { metricsOfJob } from './results.ts';
import type { Base } from './run.ts';

/** Where the step's job is to be, or is. */
export interface Whereabouts {
  /** `projects/P/locations/L` of each region, the job's own first. */
  readonly parents: readonly [string, ...string[]];
  readonly collection: Collection;
  /** The job that the step follows, where another step has made it. */
  readonly followed?: Job | undefined;
}

/** A file may be closed a moment after its program has ended, and times are whole seconds. In milliseconds. */
const SLACK_MS = 60_000;

/**
 * What the job is compared with, looked up before it costs anything; undefined where there is nothing, or nobody asks for it.
 * Throws what stands in the way where a gate needs it: GithubError, ApiError, UserError.
 */
export async function lookUpBaseline(base: Base, where: Whereabouts): Promise<Baseline | undefined> {
  const { step, log } = base;
  const { gate, comment } = step.inputs.results;
  const needed = gate.some(({ bound }) => bound.kind === 'baseline');
  const github = githubOf(base);
  if (github === undefined || !(needed || (comment && github.event.pull !== undefined))) return undefined;
  if (step.inputs.region === 'local' && !step.standingLocal) {
    if (needed)
      log.info('There is no baseline: what region local knows ends with its step. Gates on the baseline pass.');
    return undefined;
  }
  return await log.group('Baseline', async () => {
    const outcome = await findBaseline(optionsOf(base, github, where));
    if (outcome.kind === 'unknown') {
      if (needed) throw outcome.error;
      log.warning(`The comment says nothing of a baseline: ${messageOf(outcome.error)}`);
      return undefined;
    }
    for (const note of outcome.notes) log.info(note);
    if (outcome.kind === 'none') return undefined;
    const { job, runUrl, metrics } = outcome.baseline;
    log.info(`Baseline: ${job} of ${runUrl}: ${JSON.stringify(metrics)}`);
    return outcome.baseline;
  });
}

function optionsOf(base: Base, { options, event }: Github, { parents, collection, followed }: Whereabouts) {
  const { step, region, env, clock, random, signal, log } = base;
  const { context, inputs } = step;
  const server = env['GITHUB_SERVER_URL'] || 'https://github.com';
  const [parent, ...others] = parents;
  const ask = askGithub(options);
  return {
    context,
    matrix: inputs.matrix,
    jobKey: inputs.jobKey,
    followed,
    defaultBranch: () => defaultBranchOf(event, ask),
    own: { parent, api: region.vertexIn(locationOf(parent)), collection },
    elsewhere: placesOf(others, region).filter((place) => place.parent !== parent),
    runs: githubRuns(ask, { ownRunId: context.runId, input: options.input }),
    runUrl: (id: string) => runUrl(server, context.repository, id),
    metricsOf: (job: Job) => metricsOf(base, job),
    clock,
    random,
    signal,
    log,
  };
}

/** What the baseline measured: its best trial, or its own file, which a later job may have written over. */
async function metricsOf(base: Base, job: Job): Promise<Metrics | undefined> {
  const { pick } = base.step.inputs.results;
  const best = bestOf({ job, metrics: job.study?.metrics ?? [], pick, metricsFile: await fileOf(base, job) });
  return Object.keys(best.metrics).length === 0 ? undefined : best.metrics;
}

async function fileOf(base: Base, job: Job): Promise<Metrics | undefined> {
  const end = epochOf(job.endTime);
  const times = {
    writtenAfter: epochOf(job.createTime),
    writtenBefore: end === undefined ? undefined : end + SLACK_MS,
  };
  try {
    return await metricsOfJob(base, job, times);
  } catch (error) {
    // A gate that passed for this would let a worse model through.
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`The baseline, ${job.name}, cannot be compared with. ${messageOf(error)} ${MEND}`, {
      cause: error,
    });
  }
}

const MEND =
  'Give each run a folder of its own in output_uri, such as one with its run id, so that none writes over what another is compared by; until one of those has succeeded, let the gate do with numbers.';
