import { EngineError } from '../../../engine/http.ts';
import { LineSplitter, type StreamName } from '../../logging/frames.ts';
import { lineContent } from '../../logging/output-line.ts';
import type { LogSource } from '../../logging/store.ts';
import type { Runtime } from '../runtime.ts';

const STREAMS = ['stdout', 'stderr'] as const;

const fresh = () => ({ stdout: new LineSplitter(), stderr: new LineSplitter() });

/** What a container writes, on its way to the log: each line once, however often its output is read from the beginning. */
export class Output {
  readonly #runtime: Runtime;
  readonly #source: LogSource;
  readonly #container: string;
  #splitters = fresh();
  /** Lines that are in the log. */
  readonly #told: Record<StreamName, number>;
  /** Lines that were read since the beginning. */
  #read = { stdout: 0, stderr: 0 };

  constructor(runtime: Runtime, source: LogSource, container: string) {
    this.#runtime = runtime;
    this.#source = source;
    this.#container = container.slice(0, 12);
    this.#told = { ...runtime.logs.toldOf(this.#container) };
  }

  /** What comes next is the output from its beginning. */
  rewind(): void {
    this.#splitters = fresh();
    this.#read = { stdout: 0, stderr: 0 };
  }

  readonly take = (stream: StreamName, chunk: Buffer): void => this.#tell(stream, this.#splitters[stream].push(chunk));

  /** The output has ended: what was written after the last line end is a line too. */
  readonly end = (): void => {
    for (const stream of STREAMS) this.#tell(stream, this.#splitters[stream].end());
  };

  #tell(stream: StreamName, lines: readonly string[]): void {
    const known = Math.max(0, this.#told[stream] - this.#read[stream]);
    this.#read[stream] += lines.length;
    const unknown = lines.slice(known);
    this.#told[stream] += unknown.length;
    const contents = unknown.map((line) => lineContent(line, stream));
    this.#runtime.logs.append(this.#source, contents, { container: this.#container, stream });
  }
}

/** Before the engine is asked again for output that it did not give to its end. */
const AGAIN_MS = 200;

/** Reads once what the engine has kept of a container's output, and goes on while it runs; false where it is to be read again. */
async function readOnce({ engine }: Runtime, container: string, output: Output, signal: AbortSignal): Promise<boolean> {
  try {
    const hasEnded = await engine.hasEnded(container);
    output.rewind();
    await engine.logs(container, !hasEnded, output.take, signal);
    if (hasEnded) output.end();
    return hasEnded;
  } catch (error) {
    // What the engine refuses now it refuses always: the container is gone, or nothing of its output is kept.
    return signal.aborted || (error instanceof EngineError && error.status !== undefined);
  }
}

/** Reads the output of a container that an earlier process of the service started, to its end. */
export async function readOn(runtime: Runtime, container: string, output: Output, signal: AbortSignal): Promise<void> {
  while (!(await readOnce(runtime, container, output, signal))) {
    await runtime.clock.sleep(AGAIN_MS, signal).catch(() => {});
  }
}
