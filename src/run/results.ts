import { downloadFolder } from '../artifacts/download/download.ts';
import { readMetricsFile } from '../artifacts/metrics-file.ts';
import { messageOf, shown, UserError } from '../faults.ts';
import { registerModel, uploadedBy } from '../model/register.ts';
import { bestOutputs, gateOutputs, modelOutputs, usageOutputs } from '../report/outputs.ts';
import { bestOf } from '../results/best.ts';
import { judgeGate } from '../results/gate.ts';
import type { Best, Downloaded, Metrics, RegisteredModel, Results } from '../results/types.ts';
import { usageOf } from '../results/usage.ts';
import { collectionOf, hasEnded, type Job, locationOf } from '../vertex/jobs.ts';
import { epochOf } from '../vertex/times.ts';
import type { About } from './conclude.ts';
import { checkOwnFiles } from './own-files.ts';
import type { Base } from './run.ts';

/** What came of a job, and what of it could not be had: that is thrown last, once all else is handed on. */
export interface Made {
  readonly results: Results;
  readonly failures: readonly unknown[];
}

/**
 * Everything that is made of a job as it now is, each part handed to the next steps as soon as it is known. What has not
 * succeeded is neither judged nor kept, and what does not pass the gate is not kept either.
 */
export async function makeResults(base: Base, job: Job, about: About): Promise<Made> {
  const { step, clock, setOutputs } = base;
  const { results: wanted, limits } = step.inputs;
  const failures: unknown[] = [];
  const attempt = attempting(failures);
  const usage = usageOf(await asItRan(base, job), clock.now(), limits.hourlyPrice);
  setOutputs(usageOutputs(usage));
  const succeeded = job.state === 'SUCCEEDED';
  const metricsFile = succeeded ? await attempt(() => ownMetrics(base, job)) : undefined;
  const best = bestOf({ job, metrics: about.metrics, pick: wanted.pick, metricsFile });
  setOutputs(bestOutputs(best));
  // What could not be read is told as that, not as a metric that was not measured.
  const gate = succeeded && failures.length === 0 ? judgeGate(wanted.gate, best.metrics, about.baseline) : [];
  setOutputs(gateOutputs(gate));
  for (const { passed, message } of gate) base.log.info(`Gate ${passed ? 'passed' : 'failed'}: ${message}`);
  const passed = succeeded && failures.length === 0 && gate.every((rule) => rule.passed);
  if (passed) await attempt(() => checkKept(base, job, best, about));
  const kept = passed && failures.length === 0;
  const model = kept ? await attempt(() => modelOf(base, job, best, about)) : undefined;
  if (model !== undefined) setOutputs(modelOutputs(model));
  const downloaded = kept ? await attempt(() => download(base, job, best)) : undefined;
  return { results: { best, baseline: about.baseline, gate, usage, model, downloaded }, failures };
}

/** A pipeline counts as started while the job behind it still waits for its machines: that job's times are its own. */
async function asItRan({ region, log }: Base, job: Job): Promise<Job> {
  if (job.backing === undefined || collectionOf(job.backing) !== 'customJobs' || !hasEnded(job)) return job;
  try {
    const { name, startTime, endTime } = await region.vertexIn(locationOf(job.backing)).get(job.backing);
    return { ...job, name, startTime, endTime };
  } catch (error) {
    log.debug(`The times of ${job.backing} are not known, and those of its pipeline are told: ${messageOf(error)}`);
    return job;
  }
}

/** Keeps what a part fails for, so that the others go on. */
const attempting =
  (failures: unknown[]) =>
  async <T>(make: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await make();
    } catch (error) {
      // A cancel stops one part as it stops the next, for one reason.
      if (!failures.includes(error)) failures.push(error);
      return undefined;
    }
  };

/** Of a job without trials, from the file that it was to write. */
function ownMetrics(base: Base, job: Job): Promise<Metrics | undefined> {
  return metricsOfJob(base, job, { writtenAfter: epochOf(job.createTime) });
}

/** Undefined where no metrics file is asked for, or the job has trials. */
export async function metricsOfJob(
  { step, region, clock, random, signal }: Base,
  { spec, study }: Job,
  times: { readonly writtenAfter: number | undefined; readonly writtenBefore?: number | undefined },
): Promise<Metrics | undefined> {
  const { metricsFile } = step.inputs.results;
  if (metricsFile === undefined || study !== undefined || spec?.outputUri === undefined) return undefined;
  const uri = `${spec.outputUri}/${metricsFile}`;
  return await readMetricsFile({ api: region.objects, uri, ...times, clock, random, signal });
}

/** What is uploaded or downloaded has to be this job's. */
async function checkKept(base: Base, job: Job, { folders }: Best, { upload }: About): Promise<void> {
  if (folders === undefined || (upload === undefined && base.step.inputs.results.download === undefined)) return;
  await checkOwnFiles(base, job, folders.model);
}

/** The version in the registry: what the pipeline uploaded, or what this step uploads now. */
async function modelOf(base: Base, job: Job, { folders }: Best, about: About): Promise<RegisteredModel | undefined> {
  const { upload } = about;
  if (upload === undefined) return uploadedBy(job);
  if (folders === undefined) throw withoutFolder(job, 'no model is uploaded');
  const { step, region, clock, random, signal, log } = base;
  return await log.group('Model', () =>
    registerModel({
      api: region.modelsIn(locationOf(job.name)),
      upload,
      artifactUri: folders.model,
      job,
      pace: region.tempo.looks,
      lag: region.tempo.lag,
      earlier: Number(step.context.runAttempt) > 1,
      clock,
      random,
      signal,
      log,
    }),
  );
}

async function download(base: Base, job: Job, { folders }: Best): Promise<Downloaded | undefined> {
  const { step, region, clock, random, signal, log } = base;
  const { download: into } = step.inputs.results;
  if (into === undefined) return undefined;
  if (folders === undefined) throw withoutFolder(job, 'nothing is downloaded');
  const { workspace } = step;
  return await log.group('Download', () =>
    downloadFolder({ api: region.objects, uri: folders.model, into, workspace, clock, random, signal, log }),
  );
}

/** That a job without trials has an output folder was seen to before it ran. */
const withoutFolder = ({ study }: Job, outcome: string) =>
  study === undefined
    ? new Error(`${outcome}: the job has no output folder`)
    : new UserError(
        `There is no best trial, so that ${outcome}: no trial has succeeded with a value of ${study.metrics.map(({ metricId }) => shown(metricId)).join(' and ')}.`,
      );
