import { JobFailedError } from '../../../src/report/tell.ts';
import { hasEnded } from '../../../src/vertex/jobs.ts';
import type { Said } from '../../ground/recording-log.ts';
import { doublesOf } from './doubles.ts';
import type { LegReport } from './leg.ts';
import type { WorldReport } from './world.ts';

const SAID = {
  'an earlier job is joined': /this attempt joins it/,
  "an earlier job's result is taken": /its result is taken/,
  'another one is made after a failure': /so that another one is made/,
  'an old job is ended first': /is cancelled first/,
  'a job is found whose answer was lost': /the job was made/,
  'a job of the same attempt is joined': /has made its job already/,
  'a double is cancelled': /was made for the same step/,
  'another job stands': /Another job stands/,
  'an older run is superseded': /is superseded/,
  'post cancels': /A job of this step is/,
  'post leaves the job': /^The job is \w+ and runs on, as on_cancel is detach/,
  'the next choice is tried': /\nNext is /,
  'a job is given up': /to make way for another choice/,
  'a job is left when its time is up': /as detach_after asks/,
  'a job is left before the token ends': /before the token with which it signs in runs out/,
  'a job is left that is not waited for': /wait is false/,
  'post waits for what may turn up': /more a job may turn up/,
} as const;

const HAPPENED = {
  'two jobs live at once': (world: WorldReport) => doublesOf(world).length > 0,
  'main is killed': some(({ outcome, interruptedAt }) => outcome === undefined && interruptedAt === undefined),
  'post is killed': some(({ post }) => post === 'killed'),
  'the machine is gone': some(({ leg }) => !leg.postRuns),
  'a cancelled step says so': some(
    ({ outcome, interruptedAt }) => interruptedAt !== undefined && outcome?.kind === 'error',
  ),
  'a cancelled step sees the end of its job': some(
    ({ outcome, interruptedAt, kept }) =>
      interruptedAt !== undefined && outcome !== undefined && kept.outputs.get('finished') === 'true',
  ),
  'a job fails': some(endedIn('FAILED')),
  'a job is left to run on': some(({ outcome }) => outcome?.kind === 'ok' && !hasEnded(outcome.job)),
  'every choice is refused': some(fails(/could be had/)),
  'a right is missing': some(fails(/denied on resource/)),
  'a given-up job comes to its own end': (world: WorldReport) =>
    world.attempts.some(({ legs }) =>
      legs.some(({ gaveUp }) => gaveUp.some(({ name }) => endOf(world, name) !== 'CANCELLED')),
    ),
  'two steps clash': some(fails(/job_key/)),
  'an attempt is overtaken': some(fails(/is at work already/)),
} as const;

export type Sight = keyof typeof SAID | keyof typeof HAPPENED;
export const SIGHTS = [...Object.keys(SAID), ...Object.keys(HAPPENED)] as readonly Sight[];

/** What was to be seen in a run. */
export function sightsIn(world: WorldReport): Sight[] {
  const said: Said[] = world.attempts.flatMap(({ legs }) => legs).flatMap((leg) => [...leg.said]);
  return SIGHTS.filter((sight) =>
    sight in SAID
      ? said.some(([, text]) => SAID[sight as keyof typeof SAID].test(text))
      : HAPPENED[sight as keyof typeof HAPPENED](world),
  );
}

const endOf = ({ jobs }: WorldReport, name: string) => jobs.find((job) => job.name === name)?.states.at(-1)?.state;

function endedIn(state: string): (leg: LegReport) => boolean {
  return ({ outcome, kept }) =>
    outcome?.kind === 'error' && outcome.error instanceof JobFailedError && kept.outputs.get('state') === state;
}

function some(test: (leg: LegReport) => boolean): (world: WorldReport) => boolean {
  return ({ attempts }) => attempts.some(({ legs }) => legs.some(test));
}

function fails(text: RegExp): (leg: LegReport) => boolean {
  return ({ outcome }) =>
    outcome?.kind === 'error' && outcome.error instanceof Error && text.test(outcome.error.message);
}
