import { type Fault, type FoundAt, faultText, InputError, messageOf } from '../faults.ts';
import type { Cause } from '../job/cause/cause.ts';
import type { Log } from '../log.ts';
import { explainPlan } from '../plan/explain.ts';
import type { Plan, PlanVerdict } from '../plan/plan.ts';
import type { GateVerdict } from '../results/types.ts';
import { hasEnded, type Job } from '../vertex/jobs.ts';
import { fenced } from './markdown.ts';

/** The plan, where there is one, and what was found besides errors. */
export async function tellPlan({ plan, warnings, notes }: PlanVerdict, log: Log): Promise<void> {
  if (plan !== undefined) {
    await log.group('Plan', async () => {
      for (const line of explainPlan(plan)) log.info(line);
    });
  }
  for (const note of notes) log.info(`Ignored: ${faultText(note)}`);
  for (const warning of warnings) log.warning(withoutPlace(warning), warning.place);
}

/** The place is the annotation's own. */
const withoutPlace = (fault: Fault) => faultText({ ...fault, place: undefined });

/** The Dockerfile that is written, where one is, and the request as it would be sent but for the image's digest. */
export function requestText({ job, image }: Plan): string {
  const dockerfile = image?.dockerfile.written === undefined ? '' : `Dockerfile\n${image.dockerfile.text}\n`;
  return `${dockerfile}POST /v1/${job.parent}/${job.collection}\n${JSON.stringify(job.resource, null, 2)}`;
}

/** The summary of a dry run. */
export function dryRunSummary(plan: Plan): string {
  return [
    '### Dry run: nothing was built, pushed or submitted',
    fenced(explainPlan(plan)),
    ...(plan.warnings.length === 0 ? [] : ['Warnings:', fenced(plan.warnings.map(faultText))]),
    fenced([requestText(plan)]),
    '',
  ].join('\n\n');
}

/** The job did not succeed: its cause, told last. */
export class JobFailedError extends Error {
  override readonly name = 'JobFailedError';
  readonly failure: Cause;

  constructor(job: Job, cause: Cause) {
    const end = `The job ${hasEnded(job) ? 'ended in state' : 'was asked to end and is'} ${job.state}: ${cause.message}`;
    super(cause.meaning === undefined ? end : `${end}\n${cause.meaning.text}`);
    this.failure = cause;
  }
}

/** The job succeeded, and its metrics are not what the gate asks for. */
export class GateFailedError extends Error {
  override readonly name = 'GateFailedError';

  constructor(failed: readonly GateVerdict[]) {
    super(`The gate failed, and the job itself succeeded:\n${failed.map(({ message }) => `- ${message}`).join('\n')}`);
  }
}

/** The one place that reports a failure: the lines that show its cause, then the cause itself. */
export function tellFailure(error: unknown, log: Log): void {
  if (error instanceof JobFailedError && error.failure.source !== undefined) {
    const { source, lines } = error.failure;
    log.info(`Last lines of ${source}:`);
    log.untrusted(source, lines.join('\n'));
  }
  if (error instanceof InputError) {
    for (const fault of error.faults) if (fault.place !== undefined) log.error(withoutPlace(fault), fault.place);
  }
  log.error(failureText(error));
}

const INTRO: Readonly<Record<FoundAt, (many: string) => string>> = {
  before: (many) => `${many} in what this step was given; nothing was built or asked of the network:`,
  checked: (many) => `${many} found before the build; nothing was built or submitted:`,
  refused: (many) => `Vertex AI refused the job; ${many.toLowerCase()} in what this step was given:`,
};

function failureText(error: unknown): string {
  if (!(error instanceof InputError)) return messageOf(error);
  const { faults } = error;
  const many = faults.length === 1 ? 'One fault' : `${faults.length} faults`;
  const lines = faults.map((fault) => `- ${faultText(fault)}`);
  return [INTRO[error.foundAt](many), ...lines].join('\n');
}
