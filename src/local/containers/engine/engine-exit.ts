import { type EngineAddress, EngineError, engineCall, engineLines } from '../../../engine/http.ts';
import { isRecord, textAt } from '../../../json.ts';

/** How a container ended, by what its engine tells. */
export interface ContainerExit {
  readonly exitCode: number;
  readonly oomKilled: boolean;
  /** The engine was told to end or to remove the container, not by this service. */
  readonly endedByOthers?: boolean;
  /** By the engine's clock, in milliseconds since the epoch; NaN where it does not say. */
  readonly finishedMs?: number;
}

/** What a container has that was killed: 128 and the number of SIGKILL. */
const KILLED = 137;

/** How long the engine may take to tell its events. */
const EVENTS_WITHIN_MS = 2_000;

/** By their numbers, as the engine's events name them: SIGINT, SIGKILL and SIGTERM. */
const ENDING_SIGNALS: ReadonlySet<string> = new Set(['2', '9', '15']);

async function stateOf(address: EngineAddress, container: string): Promise<Readonly<Record<string, unknown>>> {
  const found = await engineCall(address, { method: 'GET', path: `/containers/${container}/json` });
  const state = isRecord(found) ? found['State'] : undefined;
  return isRecord(state) ? state : {};
}

const isMissing = (error: unknown) => error instanceof EngineError && error.status === 404;

/** Waits until a started container ends. One that is removed meanwhile counts as killed. Throws `EngineError`. */
export async function exitOf(address: EngineAddress, container: string): Promise<ContainerExit> {
  try {
    const answer = await engineCall(address, { method: 'POST', path: `/containers/${container}/wait` });
    const exitCode = isRecord(answer) ? Number(answer['StatusCode']) : Number.NaN;
    const state = await stateOf(address, container);
    const oomKilled = state['OOMKilled'] === true;
    const endedByOthers = exitCode !== 0 && !oomKilled && (await wasKilled(address, container));
    return { exitCode, oomKilled, endedByOthers, finishedMs: Date.parse(textAt(state, 'FinishedAt') ?? '') };
  } catch (error) {
    if (!isMissing(error)) throw error;
    return { exitCode: KILLED, oomKilled: false, endedByOthers: true };
  }
}

/** Whether a container that was started has ended; one that is gone has. Throws `EngineError`. */
export async function hasEnded(address: EngineAddress, container: string): Promise<boolean> {
  try {
    return (await stateOf(address, container))['Running'] === false;
  } catch (error) {
    if (isMissing(error)) return true;
    throw error;
  }
}

/** Whether the engine was told to signal the container to its end. It keeps its latest events only, and need not tell. */
async function wasKilled(address: EngineAddress, container: string): Promise<boolean> {
  const filters = JSON.stringify({ container: [container], event: ['kill'] });
  const query = { since: '0', until: String(Date.now() / 1000), filters };
  // An engine in a machine of its own may have another time of day, and wait for the one that it is told.
  const signal = AbortSignal.timeout(EVENTS_WITHIN_MS);
  try {
    for await (const event of engineLines(address, { method: 'GET', path: '/events', query, signal })) {
      const actor = event['Actor'];
      const attributes = isRecord(actor) ? actor['Attributes'] : undefined;
      if (ENDING_SIGNALS.has(textAt(attributes, 'signal') ?? '')) return true;
    }
  } catch {}
  return false;
}
