import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '../../../src/local/service.ts';
import { findPython, lastLine, versionOf } from '../python/machine.ts';

const python = await findPython();
const suite = typeof python === 'string' ? describe.skip : describe;
if (typeof python === 'string') process.stderr.write(`SKIPPED: Google's Python storage library (${python})\n`);

let service: Service;
let data = '';

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'python-storage-'));
  await mkdir(join(data, 'gcs/older-bucket'), { recursive: true });
  service = await startService({ port: 0, engine: { socketPath: '/nowhere' }, data });
});
afterAll(async () => {
  await service.close();
  await rm(data, { recursive: true });
});

suite(`google-cloud-storage ${versionOf('google-cloud-storage')}, unmodified, with STORAGE_EMULATOR_HOST`, () => {
  it('writes and reads', async () => {
    if (typeof python === 'string') return;
    const env = { STORAGE_EMULATOR_HOST: `http://127.0.0.1:${service.port}` };
    expect(lastLine(await python('storage.py', [], env))).toEqual({
      refused: true,
      large: [3_000_000, true],
      range: [10, 11, 12],
      stream: true,
      small: ['{"accuracy": 0.9}', { epoch: '3' }, 'application/json'],
      patched: { epoch: '4' },
      joined: 3_000_017,
      listed: ['copied/small.json', 'joined', 'large.bin', 'small/über.json', 'stream.bin'],
      buckets: ['from-python', 'older-bucket'],
      granted: ['storage.objects.create'],
      exists: [false, true],
      gone: true,
    });
    expect(await readFile(join(data, 'gcs/from-python/small/über.json'), 'utf8')).toBe('{"accuracy": 0.9}');
  }, 60_000);
});
