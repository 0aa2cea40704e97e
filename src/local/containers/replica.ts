import { EngineError } from '../../engine/http.ts';
import { LineSplitter, type StreamName } from '../logging/frames.ts';
import { lineContent } from '../logging/output-line.ts';
import type { LogSource } from '../logging/store.ts';
import type { ContainerExit } from './engine.ts';
import { StartError, startMessage } from './failure.ts';
import { containerBody, type ReplicaPlan, type Surroundings } from './replica-plan.ts';
import type { Runtime } from './runtime.ts';

/** How long the output of an ended container may still take to arrive. */
const DRAIN_MS = 5_000;

/** One replica's container, from its making to its removal. */
export class Replica {
  readonly name: string;
  readonly #runtime: Runtime;
  readonly #container: string;
  readonly #output: Promise<void>;
  readonly #dropOutput: () => void;
  #exit: Promise<ContainerExit> | undefined;
  #ended = false;

  private constructor(
    runtime: Runtime,
    name: string,
    container: string,
    output: { readonly ended: Promise<void>; readonly drop: () => void },
  ) {
    this.#runtime = runtime;
    this.name = name;
    this.#container = container;
    this.#output = output.ended;
    this.#dropOutput = output.drop;
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
      const sink = outputSink(runtime, { ...source, task: plan.name });
      const output = await engine.attach(container, sink.take);
      const ended = output.ended.then(sink.end);
      return new Replica(runtime, plan.name, container, { ended, drop: output.drop });
    } catch (error) {
      await engine.remove(container).catch(() => {});
      throw error;
    }
  }

  async start(): Promise<void> {
    await orStartError(this.name, this.#runtime.engine.start(this.#container));
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
    const tooLong = this.#runtime.clock.sleep(DRAIN_MS, enough.signal).catch(() => {});
    await Promise.race([this.#output, tooLong]);
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
    this.#dropOutput();
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

function outputSink(runtime: Runtime, source: LogSource) {
  const splitters = { stdout: new LineSplitter(), stderr: new LineSplitter() };
  const tell = (stream: StreamName, lines: readonly string[]) =>
    runtime.logs.append(
      source,
      lines.map((line) => lineContent(line, stream)),
    );
  return {
    take: (stream: StreamName, chunk: Buffer) => tell(stream, splitters[stream].push(chunk)),
    end: () => {
      for (const stream of ['stdout', 'stderr'] as const) tell(stream, splitters[stream].end());
    },
  };
}
