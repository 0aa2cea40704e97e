import { hasEnded } from '../../vertex/jobs.ts';

/** What a job in a state is at; a state that this version does not know is waited on like any other. */
type Phase = 'waiting' | 'running' | 'held' | 'ending' | 'ended' | 'unknown';

const PHASES: Readonly<Record<string, Phase>> = {
  QUEUED: 'waiting',
  PENDING: 'waiting',
  RUNNING: 'running',
  UPDATING: 'running',
  PAUSED: 'held',
  CANCELLING: 'ending',
};

/** The phase of a job's state, or of a pipeline's: they share their words. */
export function phaseOf(state: string): Phase {
  if (hasEnded({ state })) return 'ended';
  return Object.hasOwn(PHASES, state) ? (PHASES[state] ?? 'unknown') : 'unknown';
}

/** What a state means to whoever waits (job_state.proto, understanding-training-service). */
const WORDS: Readonly<Record<string, string>> = {
  UNSPECIFIED: 'the service names no state; it is waited on',
  QUEUED: 'it waits for its turn, or for quota of the project that is in use',
  PENDING: 'its machines are being prepared',
  CANCELLING: 'it was asked to end',
  PAUSED: 'it was stopped and can be resumed; it is waited on, and ends only if it is cancelled or resumed',
  UPDATING: 'it is being changed, and goes on after that',
};

/** A state in words, for one that is no end: the word itself, and what it means where that does not go without saying. */
export function stateWords(state: string): string {
  if (state === 'RUNNING') return state;
  const words = Object.hasOwn(WORDS, state) ? WORDS[state] : undefined;
  return `${state}: ${words ?? 'a state that this version does not know; it is waited on'}`;
}
