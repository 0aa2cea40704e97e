import { messageOf } from '../../faults.ts';
import type { Log } from '../../log.ts';
import { epochOf } from '../../vertex/times.ts';
import type { ReaderState } from './reader.ts';

/** Says what keeps the told log from being whole and of this moment. */
interface Notes {
  /** After a poll. */
  look(state: ReaderState, now: number): void;
  /** The rest of the log is not read. */
  leaveRest(state: ReaderState): void;
}

const MINUTE = 60_000;
/** What is behind by so much is said, and again whenever it has doubled, in milliseconds. */
const BEHIND_MS = 5 * MINUTE;
const FAILING_MS = 3 * MINUTE;

/** Of a log that is not told, nobody wants to know. */
type Speaker = Pick<Log, 'info' | 'warning'>;

/** Notes for a log of which entries that became readable up to `lateMs` milliseconds late are to be told. */
export function logNotes(log: Speaker, project: string, lateMs: number): Notes {
  let isCutSaid = false;
  let isFailingSaid = false;
  let nextBehindMs = BEHIND_MS;

  const lookBehind = ({ front }: ReaderState, now: number) => {
    const behindMs = now - (epochOf(front) ?? now);
    if (behindMs < nextBehindMs) return;
    nextBehindMs = 2 * behindMs;
    log.info(
      `The log shown here is ${minutes(behindMs)} behind: there is more of it than may be read (Cloud Logging allows a project 60 reads of 1,000 entries a minute).`,
    );
  };
  const lookFailing = ({ failing }: ReaderState, now: number) => {
    if (failing === undefined) {
      if (isFailingSaid) log.info("The job's log can be read again; nothing of it is left out.");
      isFailingSaid = false;
    } else if (!isFailingSaid && now - failing.sinceMs >= FAILING_MS) {
      isFailingSaid = true;
      log.info(
        `The job's log has not been readable for ${minutes(now - failing.sinceMs)} (${messageOf(failing.error)}); it is asked for again and again, and told later.`,
      );
    }
  };
  const lookCut = ({ reachMs }: ReaderState) => {
    if (isCutSaid || reachMs >= lateMs) return;
    isCutSaid = true;
    log.info(
      `The job writes so much that entries which Cloud Logging shows more than ${Math.round(reachMs / 1_000)} s late may be missing here.`,
    );
  };

  return {
    look: (state, now) => {
      lookBehind(state, now);
      lookFailing(state, now);
      lookCut(state);
    },
    leaveRest: ({ filter, position }) => {
      const since = position === undefined ? '' : ` AND timestamp>="${position}"`;
      log.warning(
        `The job's log is longer than could be read by now. What is missing here: gcloud logging read '${filter ?? ''}${since}' --project=${project} --order=asc`,
      );
    },
  };
}

const minutes = (ms: number) => `${Math.round(ms / MINUTE)} min`;
