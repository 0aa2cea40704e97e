import type { GithubRuns } from '../github/runs.ts';
import { runOf } from '../job/origin.ts';
import type { Log } from '../log.ts';
import { endLeftovers } from './end.ts';
import { type Leftover, outermostOf, sorted } from './leftovers.ts';
import { type ListOptions, listJobs } from './list.ts';
import { lookUpRuns } from './runs.ts';
import { leftoverLines, leftoverOutputs, type Scope, SweepError, summaryOf } from './tell.ts';

/** What the step says to those that come after it. */
interface Report {
  outputs(values: Readonly<Record<string, string>>): void;
  summary(markdown: string): Promise<void>;
}

interface SweepOptions extends ListOptions, Scope {
  readonly github: GithubRuns;
  readonly log: Log;
  readonly report: Report;
}

/**
 * Lists the repository's live jobs whose workflow run is over and, where that is asked, ends those whose run did not end
 * well. As much is done as can be; throws SweepError where that is not all.
 */
export async function sweep(options: SweepOptions): Promise<void> {
  const { log, report } = options;
  const listed = await listJobs(options);
  const jobs = outermostOf(listed.jobs);
  const runs = await lookUpRuns(
    jobs.flatMap(({ job }) => runOf(job) ?? []),
    options.github,
  );
  const found = sorted(jobs, runs.of);
  for (const line of leftoverLines(found, options)) log.info(line);
  for (const { name } of found.nobodys) {
    log.warning(`${name} is left alone: its labels do not say for sure which workflow run made it.`);
  }
  report.outputs({ ...leftoverOutputs(found.leftovers, options), cancelled: '[]' });
  const { cancelled, faults } = options.cancel
    ? await endLeftovers(found.leftovers, options)
    : { cancelled: [], faults: [] };
  report.outputs({ cancelled: JSON.stringify(cancelled) });
  const outcome = { cancelled, faults: [...listed.faults, ...runs.faults, ...faults] };
  tellOutcome(found.leftovers, cancelled, options);
  await report.summary(summaryOf(found.leftovers, outcome, options));
  if (outcome.faults.length > 0) throw new SweepError(outcome.faults);
}

function tellOutcome(
  leftovers: readonly Leftover[],
  cancelled: readonly string[],
  { cancel, log }: Pick<SweepOptions, 'cancel' | 'log'>,
): void {
  const due = leftovers.filter(({ verdict }) => verdict.course === 'end').length;
  if (cancelled.length > 0) log.notice(`Leftovers asked to end: ${cancelled.length}.`);
  if (!cancel && due > 0) {
    log.warning(`Leftovers of runs that were cancelled or failed: ${due}. They run on; cancel: true ends them.`);
  }
}
