import type { Clock } from '../../retry.ts';
import type { StudySpec } from '../../vertex/types.ts';
import { RPC_CODES } from '../api/errors.ts';
import { JobEnded } from '../containers/failure.ts';
import { sleepLong } from '../containers/runtime.ts';
import { nextLookMs, type StudyProgress, studyEnd } from '../study/stopping/study-end.ts';

/** The job of a trial that is stopped ends as cancelled: our choice, the service's is not documented. */
export function stoppedTrial(why: string): JobEnded {
  const message = `CANCELED: The trial was stopped ${why}.`;
  return new JobEnded({ state: 'CANCELLED', error: { code: RPC_CODES.CANCELLED.number, message } });
}

interface StudyWatchOptions {
  readonly clock: Clock;
  readonly study: StudySpec;
  /** When the study was made, in milliseconds since the Unix epoch. */
  readonly begunMs: number;
  readonly trials: () => Pick<StudyProgress, 'trialCount' | 'finished'>;
  /** Called once, with the reason. */
  readonly onEnd: (reason: string) => void;
}

/** Ends a study by the rules of its `studyStoppingConfig`. What has ended stays so, whatever the rules say later. */
export class StudyWatch {
  readonly #options: StudyWatchOptions;
  readonly #halt = new AbortController();
  #timer = new AbortController();
  #isOver = false;

  constructor(options: StudyWatchOptions) {
    this.#options = options;
  }

  /** Aborts when the trials that run are to be stopped too: at the study's end where it wants that (`shouldStopAsap`). */
  get halt(): AbortSignal {
    return this.#halt.signal;
  }

  /** Whether the study wants no further trial. To be asked before each trial and after the end of each. */
  isOver(): boolean {
    if (this.#isOver) return true;
    this.#timer.abort();
    const { clock, study, begunMs, trials, onEnd } = this.#options;
    const progress = { begunMs, nowMs: clock.now(), ...trials() };
    const reason = studyEnd(study, progress);
    if (reason === undefined) {
      this.#lookAgain(nextLookMs(study, progress), progress.nowMs);
      return false;
    }
    this.#isOver = true;
    onEnd(reason);
    if (study.studyStoppingConfig?.shouldStopAsap === true)
      this.#halt.abort(stoppedTrial(`as its study ended: ${reason}`));
    return true;
  }

  /** Looks at the study no more. */
  close(): void {
    this.#timer.abort();
  }

  /** Without trials to stop it is enough to look before the next one. */
  #lookAgain(moment: number | undefined, nowMs: number): void {
    const { clock, study } = this.#options;
    if (moment === undefined || study.studyStoppingConfig?.shouldStopAsap !== true) return;
    this.#timer = new AbortController();
    sleepLong(clock, moment - nowMs, this.#timer.signal).then(
      () => this.isOver(),
      () => {},
    );
  }
}
