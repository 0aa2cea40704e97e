import { doublesOf, hasJoined, hasTaken, toldBy } from './judge.ts';
import type { AttemptReport, Play } from './play.ts';
import { LINES } from './scenario.ts';

const creates = ({ requests }: AttemptReport) => requests.filter(({ call }) => call === 'create').length;
const lastOf = ({ attempts }: Play) => attempts.at(-1);
const killed = ({ attempts }: Play) => attempts.filter(({ main }) => main.wasKilled);

/** What must be seen in some play, each with how to tell it. */
const TELL = {
  'main was killed before it asked for a job': (play) => killed(play).some((attempt) => creates(attempt) === 0),
  'main was killed between the effect of its create and the answer': (play) =>
    killed(play).some(
      ({ requests, main }) =>
        requests.some(({ call, fault }) => call === 'create' && fault === 'hang') &&
        main.result.outputs['job'] === undefined,
    ),
  'main was killed in the midst of the lines': (play) =>
    killed(play).some(({ main }) => toldBy(main).length > 0 && toldBy(main).length < LINES),
  'post cancelled what main left': (play) =>
    killed(play).some(({ post, after }) => post !== undefined && after.some(({ state }) => state === 'CANCELLED')),
  'post was killed': (play) => play.attempts.some(({ post }) => post?.wasKilled),
  'a job turned up after its step was gone': (play) =>
    killed(play).some(({ main, after }) => after.some(({ createdAt }) => createdAt > main.endedAt)),
  'a live job was joined': (play) => play.attempts.some(({ main }) => hasJoined(main)),
  'a result was taken': (play) => play.attempts.some(({ main }) => hasTaken(main)),
  'a job was made anew': (play) => (lastOf(play)?.number ?? 0) > 1 && play.attempts.some((each) => creates(each) > 0),
  'two jobs lived at one time': (play) => doublesOf(play).length > 0,
  'lists were behind': (play) => (play.scenario.conditions.listLagMs ?? 0) > 0,
  'a request failed, and the step went on': (play) => (lastOf(play)?.troubleMs ?? 0) > 0,
} satisfies Record<string, (play: Play) => boolean | undefined>;

export type Sight = keyof typeof TELL;
export const SIGHTS = Object.keys(TELL) as Sight[];

export function sightsIn(play: Play): Sight[] {
  return SIGHTS.filter((sight) => TELL[sight](play));
}
