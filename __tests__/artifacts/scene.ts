import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type DownloadOptions, downloadFolder } from '../../src/artifacts/download/download.ts';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { type ObjectsApi, objectsApi } from '../../src/google/objects.ts';
import { SimulatedClock } from '../ground/clock.ts';
import { recordingLog } from '../ground/recording-log.ts';
import type { CloudStorage } from './cloud-storage.ts';

/** A download of gs://bucket/m into `out` of a workspace, in simulated time. */
export function downloadOf(
  { url }: Pick<CloudStorage, 'url'>,
  workspace: string,
  options: Partial<DownloadOptions> & { readonly silenceMs?: number } = {},
) {
  const log = recordingLog();
  const clock = new SimulatedClock(Date.parse('2026-11-23T10:00:00Z'));
  const { api, most } = countedReads(objectsApi(url, fixedCredentials('TOKEN'), options));
  const run = downloadFolder({
    api,
    uri: 'gs://bucket/m',
    into: 'out',
    workspace,
    clock,
    random: () => 0.5,
    signal: new AbortController().signal,
    log,
    ...options,
  });
  return { run, log, clock, most };
}

/** The same calls; `most` tells how many objects were asked for or read at one time. */
function countedReads(api: ObjectsApi): { readonly api: ObjectsApi; most(): number } {
  let now = 0;
  let most = 0;
  async function* reading(chunks: AsyncIterable<Uint8Array>) {
    try {
      yield* chunks;
    } finally {
      now -= 1;
    }
  }
  const read: ObjectsApi['read'] = async (...asked) => {
    now += 1;
    most = Math.max(most, now);
    try {
      const answer = await api.read(...asked);
      return { ...answer, chunks: reading(answer.chunks) };
    } catch (error) {
      now -= 1;
      throw error;
    }
  };
  return { api: { ...api, read }, most: () => most };
}

/** A workspace in a folder that holds something beside it, which nobody may touch. */
export function workspaceIn(folder: string): string {
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  return workspace;
}

/** Every file below a folder by its path from there, with its content as text; folders have none. */
export function contentOf(folder: string): Readonly<Record<string, string>> {
  if (!existsSync(folder)) return {};
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    return entry.isDirectory() ? [] : [[relative(folder, path), textAt(path)] as const];
  });
  return Object.fromEntries(paths.sort(([one], [other]) => (one < other ? -1 : 1)));
}

const textAt = (path: string) => (statSync(path).isFile() ? readFileSync(path, 'latin1') : '');

/** Bytes that differ from place to place, so that none can be missing or double unnoticed. */
export function patterned(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  // A global costs Jest's sandbox more than all else here.
  const { imul } = Math;
  for (let index = 0, state = seed; index < length; index += 1) {
    state = (imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[index] = state >>> 16;
  }
  return bytes;
}
