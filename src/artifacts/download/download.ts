import { rmdir } from 'node:fs/promises';
import { bytesText } from '../../bytes.ts';
import { messageOf, shown, UserError } from '../../faults.ts';
import { freeBytesAt } from '../../free-bytes.ts';
import type { ObjectsApi, StoredObject } from '../../google/objects.ts';
import { isRecord } from '../../json.ts';
import type { Log } from '../../log.ts';
import type { Downloaded } from '../../results/types.ts';
import type { Clock } from '../../retry.ts';
import { gsPlace, gsText } from '../gs-uri.ts';
import { objectsOf } from '../listing.ts';
import type { Patience } from '../patience.ts';
import { SLICE } from './ahead.ts';
import { inParallel } from './parallel.ts';
import { type PlacedObject, placed } from './paths.ts';
import { progressOf } from './progress.ts';
import { inTheWay, type Survey, survey } from './survey.ts';
import { openTarget, type Target } from './target.ts';
import { ObjectFault, transfer } from './transfer.ts';

export interface DownloadOptions {
  readonly api: ObjectsApi;
  /** The folder: `gs://bucket/path`. */
  readonly uri: string;
  /** Where its files go, relative to the workspace, as the input `download` gives it. */
  readonly into: string;
  readonly workspace: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** Once it aborts, its reason is thrown; what is whole by then stays, and the rest can be gone on with. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Bytes that may still be written where a folder is; undefined where nobody knows. */
  readonly freeBytes?: ((folder: string) => Promise<number | undefined>) | undefined;
  /** How many objects are downloaded at a time: 8 where it is not given. */
  readonly width?: number | undefined;
}

/** What came of a download. */
export interface DownloadedFolder extends Downloaded {
  /** How many of the files were there already. */
  readonly kept: number;
}

/**
 * Over a network of 50 ms and 50 MB/s a connection this is five to seven times as fast as one; twice as many bring a third more, and
 * take twice the memory for a large object (node bench/download.ts).
 */
const WIDTH = 8;
/** After so many objects that cannot be had, no further one is tried. */
const MOST_FAULTS = 10;
/** A large object takes all connections for itself. */
const isLarge = ({ object }: PlacedObject<StoredObject>) => object.size >= 4 * SLICE;
/** No message names more things. */
const MOST_TOLD = 20;

/**
 * Brings the files of a folder in Cloud Storage into a folder of the workspace. Each is put together aside, held against its
 * checksum and only then given its name; files that are there already and match are kept, and what an earlier download left is gone
 * on with. Throws UserError: where nothing lies in the folder, objects have names that lead elsewhere or clash, something is in the
 * way, the disk is too small, or objects cannot be had. Objects stored with Content-Encoding: gzip stay compressed, as their size and
 * checksum are of what is stored.
 */
export async function downloadFolder(options: DownloadOptions): Promise<DownloadedFolder> {
  const { api, uri, into, workspace, log, width = WIDTH, freeBytes = freeBytesAt } = options;
  const place = gsPlace(uri);
  const patience = patienceOf(options);
  const objects = await objectsOf(api, place, patience);
  if (objects.length === 0) throw emptyFolder(gsText(place));
  let target: Target | undefined;
  try {
    target = await openTarget(workspace, into);
    const files = await placedIn(target, objects, { uri: gsText(place), into, path: place.path });
    const found = await survey(files, { bucket: place.bucket, target, width, signal: options.signal });
    refuseSmallDisk(found, await freeBytes(target.root), into);
    tellBeginning(log, files, found, { uri: gsText(place), into });
    await transferAll(found, { ...options, width, bucket: place.bucket, target, patience });
    const bytes = files.reduce((sum, { object }) => sum + object.size, 0);
    log.info(
      `${shown(into)} has all ${counted(files.length)} of ${gsText(place)} (${bytesText(bytes)})${patience.told()}`,
    );
    return { path: into, files: files.length, bytes, kept: found.kept.length };
  } catch (error) {
    options.signal.throwIfAborted();
    if (isRecord(error) && 'syscall' in error) {
      throw new UserError(`download: ${shown(into)} cannot be written.`, { cause: error });
    }
    throw error;
  } finally {
    // What is left of files that are not whole is gone on with by the next download.
    if (target !== undefined) await rmdir(target.partial).catch(() => {});
  }
}

const counted = (files: number) => `${files} file${files === 1 ? '' : 's'}`;

/** Waits are told to those who look for them, and how many there were to all. */
function patienceOf({ clock, random, signal, log }: DownloadOptions): Patience & { told(): string } {
  let waits = 0;
  return {
    clock,
    random,
    signal,
    onRetry: (error, waitMs) => {
      waits += 1;
      log.debug(`${messageOf(error)}; goes on in ${(waitMs / 1_000).toFixed(1)} s`);
    },
    told: () => (waits === 0 ? '' : `, after ${waits} interruption${waits === 1 ? '' : 's'}`),
  };
}

const emptyFolder = (uri: string) =>
  new UserError(
    `download: nothing lies in ${uri}/: does the program write its model to the folder that AIP_MODEL_DIR names? Without a model, leave download out.`,
  );

type Files = readonly PlacedObject<StoredObject>[];

/** The objects' places below the target. Throws UserError, with everything that keeps them from there. */
async function placedIn(
  target: Target,
  objects: readonly StoredObject[],
  { uri, into, path }: { readonly uri: string; readonly into: string; readonly path: string },
): Promise<Files> {
  const prefix = path === '' ? '' : `${path}/`;
  const { files, refusals } = placed(objects, { prefix, root: target.root, rules: target.rules });
  const faults = [
    ...refusals.map((each) => `${each} Rename it where the program writes it.`),
    ...(await inTheWay(files, target)),
  ];
  if (faults.length > 0) throw new UserError(`download: ${uri} cannot be put into ${shown(into)}:\n${listed(faults)}`);
  if (files.length === 0) throw emptyFolder(uri);
  return files;
}

function listed(faults: readonly string[]): string {
  const more = faults.length - MOST_TOLD;
  return [...faults.slice(0, MOST_TOLD), ...(more > 0 ? [`And ${more} more.`] : [])].join('\n');
}

function refuseSmallDisk({ wanted, bytes }: Survey, free: number | undefined, into: string): void {
  if (free === undefined || free >= bytes) return;
  throw new UserError(
    `download: the disk of ${shown(into)} has ${bytesText(free)} free, and ${counted(wanted.length)} to come need ${bytesText(bytes)}. Free space before this step, or use a runner with a larger disk.`,
  );
}

function tellBeginning(
  log: Log,
  files: Files,
  { kept, wanted, bytes }: Survey,
  { uri, into }: { readonly uri: string; readonly into: string },
): void {
  const there = kept.length === 0 ? '' : `; ${counted(kept.length)} there already`;
  if (wanted.length > 0) {
    log.info(`Download of ${counted(wanted.length)} (${bytesText(bytes)}) from ${uri} into ${shown(into)}${there}`);
  }
  const compressed = files.filter(({ object }) => object.contentEncoding === 'gzip').length;
  if (compressed === 0) return;
  log.info(`${counted(compressed)} stored with Content-Encoding: gzip: taken as stored, so still compressed`);
}

interface TransferAll extends Pick<DownloadOptions, 'api' | 'clock' | 'log' | 'signal'> {
  readonly width: number;
  readonly bucket: string;
  readonly target: Target;
  readonly patience: Patience;
}

/** Throws UserError with all objects that cannot be had, and what else fails as soon as it does. */
async function transferAll({ wanted, bytes }: Survey, options: TransferAll): Promise<void> {
  const { width, patience, clock, log } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const progress = progressOf({ total: bytes, clock, log });
  const faults: ObjectFault[] = [];
  const over = (connections: number) => async (file: PlacedObject<StoredObject>) => {
    if (faults.length >= MOST_FAULTS) return;
    try {
      await transfer(file, { ...options, ...patience, signal, progress, connections });
    } catch (error) {
      if (!(error instanceof ObjectFault)) throw error;
      faults.push(error);
    }
  };
  const [large, small] = [wanted.filter(isLarge), wanted.filter((file) => !isLarge(file))];
  await inParallel(large, 1, over(width));
  await inParallel(small, width, over(1), (error) => stop.abort(error));
  const [first] = faults;
  if (first === undefined) return;
  const texts = faults.map(({ message }) => message);
  throw new UserError(`download: ${counted(faults.length)} cannot be had:\n${listed(texts)}`, { cause: first.cause });
}
