import { EngineError } from '../../../engine/http.ts';
import type { LogSource } from '../../logging/store.ts';
import type { ContainerExit } from '../engine/engine-exit.ts';
import { StartError, startMessage } from '../failure.ts';
import type { Runtime } from '../runtime.ts';
import { Output, readOn } from './output.ts';
import { containerBody, type ReplicaPlan, type Surroundings } from './replica-plan.ts';

/** How long the output of an ended container may still take to arrive. */
const DRAIN_MS = 5_000;

/** The same where it is read from its beginning, which the engine takes its time for. */
const REREAD_MS = 600_000;

/** A container's output as it is listened to. */
interface Listening {
  readonly ended: Promise<void>;
  readonly drop: () => void;
  /** How long it may still take once the container has ended. */
  readonly drainMs: number;
}

/** One replica's container, from its making to its removal. */
export class Replica {
  readonly name: string;
  readonly #runtime: Runtime;
  readonly #container: string;
  readonly #output: Listening;
  #exit: Promise<ContainerExit> | undefined;
  #ended = false;

  private constructor(runtime: Runtime, name: string, container: string, output: Listening) {
    this.#runtime = runtime;
    this.name = name;
    this.#container = container;
    this.#output = output;
  }

  /** Makes the container and listens to it, so that nothing of its output is lost when it starts. */
  static async create(
    runtime: Runtime,
    plan: ReplicaPlan,
    around: Surroundings,
    source: Omit<LogSource, 'task'>,
  ): Promise<Replica> {
    const { engine } = runtime;
    const container = await orStartError(plan.name, engine.createContainer(containerBody(plan, around)));
    try {
      const output = new Output(runtime, { ...source, task: plan.name }, container);
      const { ended, drop } = await engine.attach(container, output.take);
      return new Replica(runtime, plan.name, container, { ended: ended.then(output.end), drop, drainMs: DRAIN_MS });
    } catch (error) {
      await engine.remove(container).catch(() => {});
      throw error;
    }
  }

  /** Goes on with a container that an earlier process of the service started; it may have ended since. */
  static adopt(runtime: Runtime, name: string, container: string, source: Omit<LogSource, 'task'>): Replica {
    const over = new AbortController();
    const output = new Output(runtime, { ...source, task: name }, container);
    const ended = readOn(runtime, container, output, over.signal);
    const listening = { ended, drop: () => over.abort(), drainMs: REREAD_MS };
    const replica = new Replica(runtime, name, container, listening);
    replica.#await();
    return replica;
  }

  async start(): Promise<void> {
    await orStartError(this.name, this.#runtime.engine.start(this.#container));
    this.#await();
  }

  #await(): void {
    this.#exit = this.#waited();
    this.#exit.catch(() => {});
  }

  /** How the container ended, once it has and all it wrote is in the log. */
  async exit(): Promise<ContainerExit> {
    if (this.#exit === undefined) throw new Error(`${this.name} was not started`);
    return this.#exit;
  }

  async #waited(): Promise<ContainerExit> {
    const exit = await this.#runtime.engine.wait(this.#container);
    this.#ended = true;
    await this.#drained();
    return exit;
  }

  async #drained(): Promise<void> {
    const enough = new AbortController();
    const tooLong = this.#runtime.clock.sleep(this.#output.drainMs, enough.signal).catch(() => {});
    await Promise.race([this.#output.ended, tooLong]);
    enough.abort();
  }

  /** Ends the container if it still runs, and removes it. */
  async remove(): Promise<void> {
    const { engine, graceSeconds } = this.#runtime;
    if (this.#exit !== undefined && !this.#ended) {
      await engine.stop(this.#container, graceSeconds).catch(() => {});
      await this.#drained();
    }
    await engine.remove(this.#container);
    this.#output.drop();
  }
}

/** Engines differ in the status that they give to a command that cannot be run. */
function isTheirFault({ status, message }: EngineError): boolean {
  return status !== undefined && (status < 500 || message.includes('OCI runtime'));
}

/** What the engine refuses about a container is the fault of its image or command; what it fails at is not. */
async function orStartError<T>(name: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof EngineError) || !isTheirFault(error)) throw error;
    throw new StartError(startMessage(name, error.message), { cause: error });
  }
}
