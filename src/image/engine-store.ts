import { type EngineAddress, EngineError, engineCall } from '../engine/http.ts';
import { isRecord, textAt } from '../json.ts';
import { imageFacts } from './registry/image-facts.ts';
import type { ImageStore, KeptImage } from './store.ts';

export interface EngineStoreOptions {
  /** Undefined where no engine of this machine is known. */
  readonly engine: EngineAddress | undefined;
  /** Name without tag. */
  readonly repository: string;
  readonly signal: AbortSignal;
}

/** `region: local`: images stay in this machine's engine, and are looked up through its socket. */
export function engineStore(options: EngineStoreOptions): ImageStore {
  return {
    find: (tag) => findInEngine(options, tag),
    built: async (reference) => ({
      reference,
      indexDigest: undefined,
      tagged: true,
      ready: true,
      createdMs: undefined,
    }),
    checkAccess: async () => {},
    finish: async ({ reference }) => reference,
  };
}

async function findInEngine({ engine, repository, signal }: EngineStoreOptions, tag: string) {
  if (engine === undefined) return undefined;
  try {
    return readKept(await engineCall(engine, { method: 'GET', path: `/images/${repository}:${tag}/json`, signal }));
  } catch (error) {
    signal.throwIfAborted();
    // No such image, or no engine that answers: the build will tell.
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}

function readKept(answer: unknown): KeptImage | undefined {
  const id = textAt(answer, 'Id');
  if (!isRecord(answer) || id === undefined || !/^sha256:[0-9a-f]{64}$/.test(id)) return undefined;
  const { created } = imageFacts({ config: answer['Config'], created: answer['Created'] });
  return { reference: id, indexDigest: undefined, tagged: true, ready: true, createdMs: created };
}
