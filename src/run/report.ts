import { messageOf } from '../faults.ts';
import { upsertComment } from '../github/comment.ts';
import { markerOf } from '../github/marker.ts';
import { leftNote } from '../job/watch/detach.ts';
import { mapTexts } from '../json.ts';
import { commentOf } from '../report/comment.ts';
import { type SummaryParts, summaryOf } from '../report/summary/page.ts';
import { importanceOf } from '../results/importance.ts';
import type { Results } from '../results/types.ts';
import type { About, Ending } from './conclude.ts';
import { githubOf } from './github.ts';
import { pagesOf } from './page.ts';
import type { Base } from './run.ts';

/** What is reported: how it ended, and what came of it. */
export interface Reported extends Ending {
  readonly results: Results;
  /** What could not be read, uploaded or downloaded. */
  readonly failures: readonly unknown[];
}

/** The job's summary, and the pull request's comment where one is asked for. */
export async function report(
  base: Base,
  { job, stopped, cause, results, failures }: Reported,
  about: About,
): Promise<void> {
  const [metric] = about.metrics;
  const parts: SummaryParts = {
    ...about,
    job,
    cause,
    results,
    importance: metric && importanceOf(job.trials, metric, job.study?.selection),
    links: pagesOf(base.step, job),
    failures: failures.map(messageOf),
    notes: stopped === undefined ? [] : [leftNote(job.name)],
    now: base.clock.now(),
  };
  // What is hidden is taken out before anything is escaped, which would hide it from whoever looks for it.
  const shown = mapTexts(parts, base.redact);
  await tellSummary(base, summaryOf(shown));
  if (base.step.inputs.results.comment) await comment(base, shown);
}

/** A summary is no part of the job either: whatever the step ends with is not kept back for it. */
export async function tellSummary(
  { writeSummary, log }: Pick<Base, 'writeSummary' | 'log'>,
  markdown: string,
): Promise<void> {
  try {
    await writeSummary(markdown);
  } catch (error) {
    log.warning(`The job's summary was not written: ${messageOf(error)}`);
  }
}

/** A comment is no part of the job: what stands in its way is a warning. */
async function comment(base: Base, parts: SummaryParts): Promise<void> {
  const { step, log, signal } = base;
  const github = githubOf(base);
  if (github === undefined) return;
  const { pull } = github.event;
  if (pull === undefined) {
    log.info('comment: this run belongs to no pull request, so that there is nothing to comment on.');
    return;
  }
  const { context, inputs } = step;
  const marker = markerOf(context, inputs.matrix, inputs.jobKey);
  const text = commentOf({ ...parts, marker }).slice(marker.length);
  try {
    // Numbers are hidden as texts are; the marker is what the comment is found by.
    const outcome = await upsertComment({ ...github.options, pull, marker, body: `${marker}${base.redact(text)}` });
    if (outcome.kind === 'refused') log.warning(`The comment was not written. ${outcome.message}`);
    else log.info(`Comment ${outcome.kind}: ${outcome.url ?? `pull request ${pull.number}`}`);
  } catch (error) {
    if (signal.aborted) return;
    log.warning(`The comment was not written: ${messageOf(error)}`);
  }
}
