import { faultText } from '../faults.ts';
import { isTransient } from '../google/api-error.ts';
import type { Project } from '../google/resource-manager.ts';
import type { AccessFinding } from '../image/registry/findings.ts';
import type { Log } from '../log.ts';
import { type Backoff, type Clock, retry } from '../retry.ts';
import type { PreflightApis } from './apis.ts';
import { type Asker, answer } from './ask.ts';
import type { PreflightCheck } from './check.ts';
import { notChecked } from './finding.ts';
import { inParallel, limitOf, within } from './limits.ts';
import { JOB_RULE } from './needs.ts';

export interface PreflightOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Log;
}

export interface PreflightAnswer {
  /** In the order of the checks, each thing once. */
  readonly findings: readonly AccessFinding[];
  /** The number of the job's project, where it could be asked. */
  readonly projectNumber: string | undefined;
  /** Whether models that a training pipeline uploads are there already, by resource name; without what was not answered. */
  readonly models: ReadonlyMap<string, boolean>;
}

/** The longest that one check takes, and all of them together, in milliseconds. */
const EACH_MS = 15_000;
const ALL_MS = 20_000;
/** The project's names only make other findings more exact: none of them is given up for it. */
const PROJECT_MS = 10_000;
/** Checks that are under way at a time; each has one request out, besides the one for the project. */
const AT_ONCE = 8;
/** A service that had no answer for the moment is asked once more. */
const BACKOFF: Backoff = { firstMs: 500, capMs: 500, attempts: 2 };

/** Makes the checks, in parallel. Nothing is thrown but the signal's reason: a check that cannot be made is a note. */
export async function runPreflight(
  checks: readonly PreflightCheck[],
  apis: PreflightApis,
  { clock, signal, log }: PreflightOptions,
): Promise<PreflightAnswer> {
  const whole = limitOf(ALL_MS, clock, signal);
  const found: Found = { models: new Map() };
  const makes = checkMaker({ apis, checks, clock, signal: whole.signal, found });
  try {
    const asked = unlike(checks);
    const findings = await inParallel(asked, AT_ONCE, async (check) => {
      const made = await makes(check).catch((error: unknown) => [notChecked(check, error)]);
      signal.throwIfAborted();
      log.debug(`Preflight: ${check.question} ${made.length === 0 ? 'Nothing found.' : `Found: ${made.length}.`}`);
      return made;
    });
    const projectNumber = found.project?.number ?? numberIn(checks);
    const told = withoutEchoes(asked, missingOnce(asked, findings));
    return { findings: distinct(told), projectNumber, models: found.models };
  } finally {
    whole.end();
  }
}

/** What the checks found out besides findings. */
interface Found {
  project?: Project;
  readonly models: Map<string, boolean>;
}

interface Parts {
  readonly apis: PreflightApis;
  readonly checks: readonly PreflightCheck[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly found: Found;
}

/** Makes one check within its time. */
function checkMaker({ apis, checks, clock, signal, found }: Parts) {
  const project = projectAsker({ apis, checks, clock, signal, found });
  const onModel = (name: string, exists: boolean) => {
    found.models.set(name, exists);
  };
  return (check: PreflightCheck): Promise<readonly AccessFinding[]> =>
    within(EACH_MS, clock, signal, (limit) => answer(check, { apis, ask: asking(clock, limit), project, onModel }));
}

const asking =
  (clock: Clock, signal: AbortSignal): Asker['ask'] =>
  (question) =>
    retry(() => question(signal), {
      clock,
      backoff: BACKOFF,
      signal,
      transient: (error) => isTransient(error) && !signal.aborted,
    });

/** Asks for the job's project once, whoever wants to know it. */
function projectAsker({ apis: { resourceManager }, checks, clock, signal, found }: Parts): Asker['project'] {
  let asked: Promise<Project> | undefined;
  const known: Project = { id: undefined, number: numberIn(checks), state: undefined };
  const name = nameIn(checks);
  if (resourceManager === undefined || name === undefined) return async () => known;
  const ask = () =>
    within(PROJECT_MS, clock, signal, async (limit) => {
      found.project = await asking(clock, limit)((each) => resourceManager.project(name, each));
      return found.project;
    });
  return () => {
    asked ??= ask();
    return asked;
  };
}

const nameIn = (checks: readonly PreflightCheck[]) => checks.find((check) => check.kind === 'project')?.project;

/** The project's number, where that is what it was named by. */
const numberIn = (checks: readonly PreflightCheck[]) => /^\d+$/.exec(nameIn(checks) ?? '')?.[0];

/** Each check once: those for several regions have much in common. */
function unlike(checks: readonly PreflightCheck[]): readonly PreflightCheck[] {
  const texts = checks.map((check) => JSON.stringify(check));
  return checks.filter((_, index) => texts.indexOf(texts[index] ?? '') === index);
}

/** Data that is nowhere is missing in every region alike: it is told for the first, where it would be made. */
function missingOnce(
  checks: readonly PreflightCheck[],
  found: readonly (readonly AccessFinding[])[],
): readonly (readonly AccessFinding[])[] {
  const told = new Set<string>();
  return found.map((findings, index) =>
    findings.filter(({ fault: { rule } }) => {
      const data = dataOf(checks[index]);
      if (data === undefined || !/^(?:bucket|dataset)-missing$/.test(rule)) return true;
      const isNew = !told.has(data);
      told.add(data);
      return isNew;
    }),
  );
}

function dataOf(check: PreflightCheck | undefined): string | undefined {
  if (check?.kind === 'bucket') return `gs://${check.bucket}`;
  return check?.kind === 'dataset' ? `bq://${check.project}.${check.dataset}` : undefined;
}

/** Vertex AI's own refusal says nothing more where the missing permissions are told by name. */
function withoutEchoes(
  checks: readonly PreflightCheck[],
  found: readonly (readonly AccessFinding[])[],
): readonly AccessFinding[] {
  const of = (kind: PreflightCheck['kind']) => found.filter((_, index) => checks[index]?.kind === kind).flat();
  const isTold = of('permissions').some(({ fault }) => fault.rule === JOB_RULE);
  const echoes = isTold ? of('vertex-api').filter(({ fault }) => fault.rule === JOB_RULE) : [];
  return found.flat().filter((each) => !echoes.includes(each));
}

function distinct(findings: readonly AccessFinding[]): readonly AccessFinding[] {
  const texts = findings.map(({ level, fault }) => `${level} ${faultText(fault)}`);
  return findings.filter((_, index) => texts.indexOf(texts[index] ?? '') === index);
}
