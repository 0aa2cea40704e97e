import { parseArgs } from 'node:util';
import { messageOf } from '../../src/faults.ts';
import { type BaseImage, checkBaseImage, ensureBaseImage } from './base-images.ts';
import { type Engine, ensureEngine, probeEngine, stopKeptEngine } from './engine.ts';
import { type Teller, terminalTeller } from './say.ts';

/** The base images that the demo and the end-to-end tests build on. */
export const BASE_IMAGES = ['python:3.12-slim', 'nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04'];

const USAGE = `Usage: prepare.ts [--check | --stop] [IMAGE ...]
Makes what the end-to-end tests need: a Docker engine that answers, and the base images in it.
  --check  only reports what is there; exit code 1 when something is missing
  --stop   ends the engine that an earlier run started
`;

export interface Prepared {
  readonly engine: Engine;
  readonly images: readonly BaseImage[];
}

export interface PrepareOptions {
  readonly images?: readonly string[] | undefined;
  readonly teller?: Teller | undefined;
  /** An engine started here lives on after its users, until `--stop`. */
  readonly keep?: boolean | undefined;
}

function imageText(image: BaseImage): string {
  return `${image.name}: ${image.standIn ? 'a stand-in' : 'the real image'} (${image.from})`;
}

/** An engine and base images in it. The caller ends it with `engine.stop()`. Throws `Unavailable` where it cannot be. */
export async function prepare(options: PrepareOptions = {}): Promise<Prepared> {
  const { images = BASE_IMAGES, teller = terminalTeller, keep } = options;
  const engine = await ensureEngine({ teller, keep });
  try {
    const made: BaseImage[] = [];
    for (const name of images) made.push(await ensureBaseImage(engine, name, { teller }));
    return { engine, images: made };
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

async function check(names: readonly string[], teller: Teller): Promise<boolean> {
  const engine = await probeEngine();
  if (engine === undefined) {
    teller.tell('Docker engine: none answers');
    return false;
  }
  teller.tell(`Docker engine: ${engine.serverVersion}, reached with ${engine.docker} ${engine.clientVersion}`);
  const images = await Promise.all(names.map((name) => checkBaseImage(engine, name)));
  images.forEach((image, index) => {
    teller.tell(image === undefined ? `${names[index]}: missing` : imageText(image));
  });
  return images.every((image) => image !== undefined);
}

async function prepareAndTell(names: readonly string[], teller: Teller): Promise<boolean> {
  const { engine, images } = await prepare({ images: names, teller, keep: true });
  teller.tell(`Docker engine: ${engine.serverVersion}, reached with ${engine.docker} ${engine.clientVersion}`);
  for (const image of images) teller.tell(imageText(image));
  if (engine.startedByUs) teller.tell('The engine goes on running; "prepare.ts --stop" ends it.');
  await engine.stop();
  return true;
}

async function stop(teller: Teller): Promise<boolean> {
  const ended = await stopKeptEngine();
  teller.tell(ended ? 'The engine is ended.' : 'Nothing to end: no engine was started here, or it is in use.');
  return true;
}

async function main(): Promise<boolean> {
  const options = { check: { type: 'boolean' }, stop: { type: 'boolean' }, help: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const names = positionals.length > 0 ? positionals : BASE_IMAGES;
  if (values.help) {
    terminalTeller.tell(USAGE);
    return true;
  }
  if (values.check) return check(names, terminalTeller);
  return values.stop ? stop(terminalTeller) : prepareAndTell(names, terminalTeller);
}

if (import.meta.main) {
  try {
    process.exitCode = (await main()) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}
