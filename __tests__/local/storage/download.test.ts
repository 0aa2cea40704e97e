import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { contentOf, downloadOf, patterned, workspaceIn } from '../../artifacts/scene.ts';
import { next } from '../faults/client.ts';
import { type Opened, openService } from '../faults/service.ts';

/** The action's own download against this service, which knows nothing of it. */
let data: string;
let service: Opened;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'local-download-'));
  service = await openService({ data });
});
afterEach(async () => {
  await service.close();
  await rm(data, { recursive: true });
});

async function put(path: string, content: Uint8Array): Promise<void> {
  await mkdir(dirname(join(data, 'gcs/bucket', path)), { recursive: true });
  await writeFile(join(data, 'gcs/bucket', path), content);
}

it('brings what a job has written, whatever breaks on the way', async () => {
  const files = { 'model.bin': patterned(3_000_000), 'deep/ü & #/x': patterned(10, 2), empty: Buffer.alloc(0) };
  for (const [path, content] of Object.entries(files)) await put(`m/${path}`, content);
  await put('m2/other', patterned(1));
  await service.faults.order({
    rules: [
      next('storage', { kind: 'refuse', reason: 'unavailable' }),
      { path: '/storage/v1/b/bucket/o/m/model.bin', fault: { kind: 'truncated' }, times: 2 },
      { path: '/storage/v1/b/bucket/o/m/deep/**', fault: { kind: 'reset' }, times: 2 },
    ],
  });
  const workspace = workspaceIn(data);
  const { run } = downloadOf(service, workspace);
  expect(await run).toEqual({ path: 'out', files: 3, bytes: 3_000_010, kept: 0 });
  const expected = Object.entries(files).map(([path, bytes]) => [`out/${path}`, bytes.toString('latin1')]);
  expect(contentOf(workspace)).toEqual(Object.fromEntries(expected.sort()));
  const { rules } = await service.faults.report();
  expect(rules.map(({ fired }) => fired)).toEqual([1, 2, 2]);
  expect(await downloadOf(service, workspace).run).toMatchObject({ kept: 3 });
});
