import type { LoggingApi } from '../../../src/google/logging.ts';
import type { VertexApi } from '../../../src/google/vertex.ts';
import { followJob } from '../../../src/job/follow.ts';
import { type Traces, tracesOf } from '../../../src/job/submit/claim.ts';
import { isLive } from '../../../src/job/submit/decide.ts';
import { endOurs } from '../../../src/job/submit/ours.ts';
import { type SubmitOptions, submitJob } from '../../../src/job/submit/submit.ts';
import { followSurvivor, settleFully } from '../../../src/job/submit/survivor.ts';
import { CLOUD_TEMPO } from '../../../src/job/tempo.ts';
import type { Log } from '../../../src/log.ts';
import type { JobPlan } from '../../../src/plan/job.ts';
import type { Clock } from '../../../src/retry.ts';
import { hasEnded, type Job } from '../../../src/vertex/jobs.ts';
import type { Life } from './life.ts';

/** What a step is told to do. */
export interface StepInputs {
  readonly request: JobPlan;
  readonly onRerun: 'attach' | 'new';
  readonly supersede: boolean;
  readonly runNumber: number;
  readonly wait: boolean;
}

/** What main leaves for post: the runner keeps it, whatever becomes of main. */
export interface State {
  request?: Traces;
  names?: readonly string[];
  quietAt?: number;
  /** Nothing is left to be cancelled: the job ended, or runs on on purpose, and no double can turn up. */
  settled?: true;
}

/** What a step says at its end. */
export type Outcome =
  | { readonly kind: 'ended'; readonly job: Job }
  | { readonly kind: 'detached'; readonly job: Job }
  | { readonly kind: 'error'; readonly error: unknown };

export interface Surroundings {
  readonly life: Life;
  readonly api: VertexApi;
  readonly logging: LoggingApi;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly random: () => number;
  readonly state: State;
}

/** Submit, watch and report, as src/main.ts does them; each thing is saved for post as soon as it is known. */
export async function main(inputs: StepInputs, surroundings: Surroundings): Promise<Outcome> {
  try {
    return await train(inputs, surroundings);
  } catch (error) {
    return { kind: 'error', error };
  }
}

async function train(inputs: StepInputs, surroundings: Surroundings): Promise<Outcome> {
  const { life, log, signal, random, state } = surroundings;
  const clock: Clock = life.clock;
  const api = life.vertex(surroundings.api);
  const save = <K extends keyof State>(key: K, value: State[K]) =>
    life.does(() => {
      state[key] = value;
    });
  signal.throwIfAborted();
  save('request', tracesOf(inputs.request));
  const names = new Set<string>();
  const options: SubmitOptions = {
    ...inputs,
    api,
    clock,
    log,
    signal,
    random,
    onJob: ({ name }) => {
      names.add(name);
      save('names', [...names]);
    },
  };
  const submitted = await submitJob(options);
  const { quietAt } = submitted;
  save('quietAt', quietAt);
  if (!inputs.wait) {
    const job = await settleFully(submitted, options);
    save('settled', true);
    return { kind: 'detached', job };
  }
  const logging: LoggingApi = { list: (request) => life.asks(() => surroundings.logging.list(request)) };
  const { job } = await followSurvivor(submitted, options, (each, turned) =>
    followJob(each, {
      api,
      logging,
      project: 'p',
      clock,
      tempo: CLOUD_TEMPO,
      log,
      signal: turned,
      onCancel: 'cancel',
      logs: 'all',
      study: undefined,
      limit: undefined,
      random,
      onSeen: () => {},
    }),
  );
  if (hasEnded(job) && clock.now() >= quietAt) save('settled', true);
  return { kind: 'ended', job };
}

/** Clean-up, as src/post.ts does it. Throws where a job may be left. */
export async function post({ life, api, log, random, state }: Omit<Surroundings, 'signal' | 'logging'>): Promise<void> {
  if (state.request === undefined || state.settled === true) return;
  const ended = await endOurs({
    api: life.vertex(api),
    clock: life.clock,
    log,
    random,
    traces: state.request,
    names: state.names ?? [],
    quietAt: state.quietAt,
    waitMs: 60_000,
  });
  const live = ended.find(isLive);
  if (live !== undefined) throw new Error(`${live.name} is ${live.state}`);
}
