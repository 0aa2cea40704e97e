import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '../../../src/local/service.ts';
import { patterned } from '../../artifacts/scene.ts';
import { findGcloud, Gcloud } from '../gcloud.ts';

const program = await findGcloud();
const suite = program === undefined ? describe.skip : describe;
if (program === undefined) process.stderr.write('SKIPPED: gcloud storage against the local region (no gcloud here)\n');

let service: Service;
let gcloud: Gcloud;
let folder = '';
const WEIGHTS = patterned(5_000_000);

beforeAll(async () => {
  if (program === undefined) return;
  folder = await mkdtemp(join(tmpdir(), 'gcloud-storage-'));
  service = await startService({ port: 0, engine: { socketPath: '/nowhere' }, data: join(folder, 'data') });
  gcloud = await Gcloud.at(program, service.port, folder);
  await mkdir(join(folder, 'data/gcs/bucket/out/model'), { recursive: true });
  await mkdir(join(folder, 'copy'));
  await writeFile(join(folder, 'data/gcs/bucket/out/model/weights.bin'), WEIGHTS);
  await writeFile(join(folder, 'data/gcs/bucket/out/über uns.json'), '{"accuracy":0.9}');
});
afterAll(async () => {
  if (program === undefined) return;
  await service.close();
  await rm(folder, { recursive: true });
});

const storage = (...args: readonly string[]) => gcloud.out('storage', ...args);

suite('gcloud storage', () => {
  it('lists, folder by folder', async () => {
    const told = await storage('ls', '-r', 'gs://bucket/out/');
    expect(told.split('\n').filter((line) => line.startsWith('gs://'))).toEqual([
      'gs://bucket/out/:',
      'gs://bucket/out/über uns.json',
      'gs://bucket/out/model/:',
      'gs://bucket/out/model/weights.bin',
    ]);
  }, 60_000);

  it('reads', async () => {
    expect(await storage('cat', 'gs://bucket/out/über uns.json')).toContain('{"accuracy":0.9}');
  }, 60_000);

  it('copies a folder, and finds that its checksums are right', async () => {
    await storage('cp', '-r', 'gs://bucket/out', join(folder, 'copy'));
    expect((await readFile(join(folder, 'copy/out/model/weights.bin'))).equals(WEIGHTS)).toBe(true);
  }, 60_000);

  it('copies a folder there and within, and removes it', async () => {
    await storage('cp', '-r', join(folder, 'copy/out'), 'gs://uploads/from');
    const uploaded = join(folder, 'data/gcs/uploads/from');
    expect((await readFile(join(uploaded, 'model/weights.bin'))).equals(WEIGHTS)).toBe(true);
    expect(await readFile(join(uploaded, 'über uns.json'), 'utf8')).toBe('{"accuracy":0.9}');
    await storage('mv', 'gs://uploads/from/model/weights.bin', 'gs://uploads/weights.bin');
    await storage('rm', '-r', 'gs://uploads/from');
    expect((await storage('ls', '-r', 'gs://uploads')).match(/^gs:.*[^:\s]$/gm)).toEqual(['gs://uploads/weights.bin']);
  }, 60_000);

  it('says what is not there', async () => {
    await expect(storage('cat', 'gs://bucket/nothing')).rejects.toThrow(/matched no objects or files/);
  }, 60_000);
});
