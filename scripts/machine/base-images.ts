import type { Engine } from './engine.ts';
import { withLock } from './lock.ts';
import { ensureRootfs, fingerprint } from './rootfs.ts';
import { must, run } from './run.ts';
import { type Teller, terminalTeller, Unavailable } from './say.ts';
import { importChanges, labelOf, STAND_IN_LABEL, type StandIn, standInFor } from './stand-ins.ts';

/** A base image that the engine holds under the asked name. */
export interface BaseImage {
  readonly name: string;
  /** The engine's image id. */
  readonly id: string;
  /** Where it came from: it was there, was pulled just now, or was made just now. */
  readonly from: 'present' | 'pulled' | 'made';
  /** True for an image that was made here because the real one could not be pulled. */
  readonly standIn: boolean;
}

export interface BaseImageOptions {
  readonly teller?: Teller | undefined;
  /** False makes a stand-in without trying to pull. */
  readonly pull?: boolean | undefined;
}

type EngineClient = Pick<Engine, 'docker'>;

/** A pull has this long to find its image, and, once it has, to bring it. */
const FIND_MS = 20_000;
const BRING_MS = 15 * 60_000;

interface Present {
  readonly id: string;
  /** The stand-in label's value; empty for a real image. */
  readonly label: string;
}

async function inspect(engine: EngineClient, name: string): Promise<Present | undefined> {
  const format = `{{.Id}} {{with .Config}}{{index .Labels "${STAND_IN_LABEL}"}}{{end}}`;
  const ran = await run(engine.docker, ['image', 'inspect', '--format', format, name]);
  if (ran.code !== 0) return undefined;
  const [id = '', label = ''] = ran.stdout.trim().split(' ');
  return { id, label };
}

/** The image in the engine, unless it is a stand-in made by an older recipe or with other certificates. */
async function findPresent(engine: EngineClient, name: string): Promise<BaseImage | undefined> {
  const present = await inspect(engine, name);
  if (present === undefined) return undefined;
  const standIn = present.label !== '';
  const recipe = standInFor(name);
  if (standIn && recipe !== undefined && present.label !== labelOf(recipe, await fingerprint(recipe))) return undefined;
  return { name, id: present.id, from: 'present', standIn };
}

/** Pulls the image. Gives why it failed; undefined when it came. */
async function pull(engine: EngineClient, name: string): Promise<string | undefined> {
  const patience = new AbortController();
  let timer = setTimeout(() => patience.abort(), FIND_MS);
  const onOutput = (text: string) => {
    if (!text.includes('Pulling from')) return;
    clearTimeout(timer);
    timer = setTimeout(() => patience.abort(), BRING_MS);
  };
  const ran = await run(engine.docker, ['pull', name], { signal: patience.signal, onOutput });
  clearTimeout(timer);
  if (ran.code === 0) return undefined;
  if (patience.signal.aborted) return 'the registry did not answer in time';
  return ran.stderr.trim().split('\n').at(-1) ?? '';
}

async function make(engine: EngineClient, name: string, standIn: StandIn, teller: Teller): Promise<void> {
  const tar = await ensureRootfs(standIn, teller);
  const changes = importChanges(standIn, labelOf(standIn, await fingerprint(standIn)));
  await must(engine.docker, ['import', ...changes, tar, name]);
  teller.tell(`${name} is now a stand-in: ${standIn.is}.`);
}

/**
 * Makes sure that the engine holds an image under `name`: the one that is there, else the real one pulled, else a stand-in
 * made from Debian's packages. Throws `Unavailable` where none can be had.
 */
export async function ensureBaseImage(
  engine: EngineClient,
  name: string,
  options: BaseImageOptions = {},
): Promise<BaseImage> {
  const { teller = terminalTeller } = options;
  const present = await findPresent(engine, name);
  if (present !== undefined) return present;
  return withLock(
    `base-image-${name}`,
    async () => (await findPresent(engine, name)) ?? obtain(engine, name, options, teller),
  );
}

async function obtain(
  engine: EngineClient,
  name: string,
  options: BaseImageOptions,
  teller: Teller,
): Promise<BaseImage> {
  const failure = options.pull === false ? 'not tried' : await pull(engine, name);
  if (failure !== undefined) {
    const standIn = standInFor(name);
    if (standIn === undefined) {
      throw new Unavailable('no-image', `${name} could not be pulled (${failure}), and no stand-in for it is known.`);
    }
    teller.tell(`${name} could not be pulled (${failure}): a stand-in takes its place.`);
    await make(engine, name, standIn, teller);
  }
  const image = await inspect(engine, name);
  if (image === undefined)
    throw new Unavailable('no-image', `The engine does not show ${name} although it should be there.`);
  return { name, id: image.id, from: failure === undefined ? 'pulled' : 'made', standIn: image.label !== '' };
}

/** What the engine holds under `name`, changing nothing. */
export function checkBaseImage(engine: EngineClient, name: string): Promise<BaseImage | undefined> {
  return findPresent(engine, name);
}
