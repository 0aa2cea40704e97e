import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { engineCall } from '../../../../src/engine/http.ts';
import { isRecord } from '../../../../src/json.ts';
import { type Service, startService } from '../../../../src/local/service.ts';
import { Client } from '../../client.ts';
import { findMachine, IMAGE } from '../../machine.ts';

const machine = await findMachine();
const isThere = typeof machine !== 'string';
const suite = isThere ? describe : describe.skip;
if (!isThere) process.stderr.write(`SKIPPED: what the local region's containers have (${machine})\n`);

const GIB = 2 ** 30;
let service: Service;
let client: Client;
let memory = 0;

beforeAll(async () => {
  if (!isThere) return;
  service = await startService({ port: 0, engine: machine.address, graceSeconds: 0 });
  client = new Client(service.port);
  const info = await engineCall(machine.address, { method: 'GET', path: '/info' });
  memory = Number(isRecord(info) && info['MemTotal']);
});
afterAll(async () => {
  if (!isThere) return;
  await service.close();
  await machine.stop();
});

const python = (program: string) => ({ imageUri: IMAGE, command: ['python3', '-c', program] });
const create = (workerPoolSpecs: object[], more: object = {}) =>
  client.create('customJobs', { displayName: 'replicas', jobSpec: { workerPoolSpecs, ...more } });

suite('a replica', () => {
  it('has the memory of its machine type, and half of it as shared memory, as far as this machine has that', async () => {
    const look = `
import os
shm = os.statvfs('/dev/shm')
limits = ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes']
limit = next(open(path).read().strip() for path in limits if os.path.exists(path))
print(shm.f_blocks * shm.f_frsize, limit)
`;
    const machineSpec = { machineType: 'n1-standard-4' };
    const name = await create([{ machineSpec, replicaCount: 1, containerSpec: python(look) }]);
    expect((await client.ended(name)).error).toBeUndefined();
    const [shm, limit] = ((await client.output(name))[0] ?? '').split(' ').map(Number);
    const fits = memory >= 15 * GIB;
    const half = (fits ? 15 * GIB : memory) / 2;
    expect(Math.abs((shm ?? 0) - half)).toBeLessThan(65_536);
    if (fits) expect(limit).toBe(15 * GIB);
  });

  it('that runs out of memory fails its job in the documented words', async () => {
    if (!isThere) return;
    const eat = `
import os, time
print('up', flush=True)
while not os.path.exists('/gcs/signals/' + os.environ['CLOUD_ML_JOB_ID']): time.sleep(0.1)
hold = [bytearray(1 << 20) for _ in range(4096)]
`;
    const name = await create([{ replicaCount: 1, containerSpec: python(eat) }]);
    await client.until(name, ({ state }) => state === 'JOB_STATE_RUNNING');
    const id = name.split('/').at(-1) ?? '';
    const container = (await machine.docker('ps', '-q', '--filter', `label=train-on-vertex.job=${id}`)).trim();
    await machine.docker('update', '--memory', '64m', '--memory-swap', '64m', container);
    await machine.docker('exec', container, 'touch', `/gcs/signals/${id}`);
    const message = 'The replica workerpool0-0 ran out of memory and exited with a non-zero status of 137.';
    expect((await client.ended(name)).error?.message?.startsWith(message)).toBe(true);
  });

  it('of any user makes the AIP folders itself', async () => {
    const base = { baseOutputDirectory: { outputUriPrefix: 'gs://results/runs/7' } };
    const write = `
import os, pathlib
os.setuid(1234)
for name in ('MODEL_DIR', 'CHECKPOINT_DIR', 'TENSORBOARD_LOG_DIR'):
    folder = pathlib.Path(os.environ['AIP_' + name].replace('gs://', '/gcs/', 1)) / 'of-1234'
    folder.mkdir(parents=True)
    (folder / 'file').write_text(name)
print(sorted(str(path) for path in pathlib.Path('/gcs/results/runs/7').rglob('of-1234/file')))
`;
    const name = await create([{ replicaCount: 1, containerSpec: python(write) }], base);
    expect((await client.ended(name)).error).toBeUndefined();
    const folders = ['checkpoints', 'logs', 'model'].map((folder) => `'/gcs/results/runs/7/${folder}/of-1234/file'`);
    expect(await client.output(name)).toEqual([`[${folders.join(', ')}]`]);
  });
});

suite('the replicas of a job', () => {
  it('know each other by both names from the first moment on, and those whose program has ended', async () => {
    const resolve = `
import json, os, socket, sys, time
names = [host.split(':')[0] for text in ('CLUSTER_SPEC', 'TF_CONFIG')
         for hosts in json.loads(os.environ[text])['cluster'].values() for host in hosts]
addresses = [socket.gethostbyname(name) for name in names]
assert len(names) == 11 and len(set(addresses)) == 6, addresses
own = socket.gethostbyname(socket.gethostname())
known = [name for name in names if name in socket.gethostname() and name.startswith('cmle-')]
assert [socket.gethostbyname(name) for name in known] == [own], (known, own)
if os.environ['RANK'] == '0':
    time.sleep(1)
    assert [socket.gethostbyname(name) for name in names] == addresses
`;
    const name = await create([1, 3, 1, 1].map((replicaCount) => ({ replicaCount, containerSpec: python(resolve) })));
    expect((await client.ended(name)).error).toBeUndefined();
  });
});
