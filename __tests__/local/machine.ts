import { ensureBaseImage } from '../../scripts/machine/base-images.ts';
import { ensureEngine } from '../../scripts/machine/engine.ts';
import { must } from '../../scripts/machine/run.ts';
import { engineAddress } from '../../src/engine/address.ts';
import type { EngineAddress } from '../../src/engine/http.ts';
import { messageOf } from '../../src/faults.ts';

/** An image with a shell and Python: the real one, or the stand-in that this project makes. */
export const IMAGE = 'python:3.12-slim';

export interface Machine {
  readonly address: EngineAddress;
  /** Runs the docker program. */
  docker(...args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

/** A Docker engine that holds `IMAGE`, or the reason why there is none. With CI=true there must be one. */
export async function findMachine(): Promise<Machine | string> {
  try {
    const engine = await ensureEngine();
    await ensureBaseImage(engine, IMAGE);
    return {
      address: await engineAddress(undefined, process.env),
      docker: (...args) => must(engine.docker, args),
      stop: () => engine.stop(),
    };
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    return messageOf(error);
  }
}
