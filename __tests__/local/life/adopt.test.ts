import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Labelled } from '../../../src/local/containers/engine/engine-listing.ts';
import { continuation } from '../../../src/local/containers/pools/adopt.ts';
import { goingOn } from '../../../src/local/life/left.ts';
import { FileJournal } from '../../../src/local/resources/file-journal.ts';
import { readJournal } from '../../../src/local/resources/read-journal.ts';
import type { JobRecord } from '../../../src/local/resources/store.ts';
import { type Service, startService } from '../../../src/local/service.ts';
import type { CustomJob } from '../../../src/vertex/types.ts';
import { Client } from '../client.ts';
import { type StandIn, startEngine } from '../containers/engine/engine-stand-in.ts';

const PLACE = { project: 'my-project', projectNumber: '1', location: 'us-central1' };
const nameOf = (id: string, collection = 'customJobs') => `projects/1/locations/us-central1/${collection}/${id}`;
const jobSpec = { workerPoolSpecs: [{ replicaCount: '1', containerSpec: { imageUri: 'image' } }] };
const createTime = '2026-11-01T12:00:00Z';
const startTime = '2026-11-01T12:01:00Z';
const endTime = '2026-11-01T12:02:00.000Z';
const DECISION = {
  replica: 'workerpool0-0',
  exit: { exitCode: 0, oomKilled: false },
  endedMs: Date.parse(endTime),
};

const job = (id: string, resource: object, more: object = {}): JobRecord<CustomJob> => ({
  id,
  place: PLACE,
  collection: 'customJobs',
  listed: true,
  resource: { name: nameOf(id), displayName: id, jobSpec, createTime, ...resource },
  ...more,
});
const container = (state: string): Labelled => ({ id: 'c', label: () => undefined, state });
const RUNNING = { state: 'JOB_STATE_RUNNING', startTime };

describe('a job of an earlier process', () => {
  it.each([
    ['goes on with containers that run', RUNNING, ['running', 'running'], 'adopt'],
    ['goes on with those that have ended too', RUNNING, ['exited', 'running'], 'adopt'],
    ['goes on with those that were not told to run', { state: 'JOB_STATE_PENDING' }, ['running', 'exited'], 'adopt'],
    ['goes on with paused ones', RUNNING, ['paused', 'running'], 'adopt'],
    ['fails when one is missing', RUNNING, ['running', undefined], 'gone'],
    ['fails when one is being removed', RUNNING, ['running', 'removing'], 'gone'],
    ['fails when all are missing', RUNNING, [undefined, undefined], 'gone'],
    [
      'that is being cancelled has nothing to go on with',
      { ...RUNNING, state: 'JOB_STATE_CANCELLING' },
      [undefined, undefined],
      'gone',
    ],
    ['begins when it had none', { state: 'JOB_STATE_PENDING' }, [undefined, undefined], 'anew'],
    ['begins when it waited for room', { state: 'JOB_STATE_QUEUED' }, [undefined, undefined], 'anew'],
    ['begins when they were made and not started', { state: 'JOB_STATE_PENDING' }, ['created', 'running'], 'anew'],
    ['begins again between two attempts', { state: 'JOB_STATE_PENDING', startTime }, [undefined, undefined], 'anew'],
  ])('%s', (_name, resource, states, expected) => {
    const containers = new Map(
      states.flatMap((state, at) => (state === undefined ? [] : [[`r${at}`, container(state)] as const])),
    );
    expect(continuation(job('1', resource), ['r0', 'r1'], { containers })).toBe(expected);
    expect(continuation(job('1', resource, { decision: DECISION }), ['r0', 'r1'], { containers })).toBe('decided');
  });

  it('goes on if it is one of its own or an open trial’s, of a study that does', () => {
    const study = (id: string, state: string, trials: object[]): JobRecord =>
      ({ ...job(id, { state, trials }), collection: 'hyperparameterTuningJobs' }) as JobRecord;
    const trial = (id: string) => job(id, RUNNING, { listed: false });
    const records: JobRecord[] = [
      job('1', RUNNING),
      job('2', { state: 'JOB_STATE_SUCCEEDED' }),
      ...['3', '4', '5', '6'].map(trial),
      study('7', 'JOB_STATE_RUNNING', [
        { id: '1', customJob: nameOf('3') },
        { id: '2', customJob: nameOf('4'), endTime: createTime },
        { id: '3' },
      ]),
      study('8', 'JOB_STATE_FAILED', [{ id: '1', customJob: nameOf('5') }]),
    ];
    expect([...goingOn(records)]).toEqual(['1', '3']);
  });
});

describe('a service that is started on what another left', () => {
  let data: string;
  let engine: StandIn;
  let service: Service | undefined;
  beforeEach(async () => {
    data = mkdtempSync(join(tmpdir(), 'adopt-'));
    engine = await startEngine();
  });
  afterEach(async () => {
    await service?.close();
    service = undefined;
    await engine.close();
    rmSync(data, { recursive: true, force: true });
  });

  const leave = (...records: JobRecord[]) =>
    new FileJournal(join(data, 'jobs.ndjson'), 'mark', { records, models: [], operations: [] }).close();
  const open = async () => {
    service = await startService({ port: 0, engine: engine.address, data });
    return new Client(service.port);
  };

  it.each([
    [
      'whose containers are gone fails, and says so',
      job('1', RUNNING),
      { state: 'JOB_STATE_FAILED', startTime, error: { code: 13 } },
      0,
    ],
    [
      'that had been decided has ended well',
      job('1', RUNNING, { decision: DECISION }),
      { state: 'JOB_STATE_SUCCEEDED', startTime, endTime },
      0,
    ],
    [
      'that had been decided has failed',
      job('1', RUNNING, { decision: { ...DECISION, exit: { exitCode: 7, oomKilled: false } } }),
      { state: 'JOB_STATE_FAILED', error: { code: 3, message: expect.stringContaining('status of 7') } },
      0,
    ],
    ['that had not begun begins', job('1', { state: 'JOB_STATE_PENDING' }), { state: 'JOB_STATE_SUCCEEDED' }, 1],
    ['that waited for room begins', job('1', { state: 'JOB_STATE_QUEUED' }), { state: 'JOB_STATE_SUCCEEDED' }, 1],
    [
      'that was to be tried again is',
      job('1', { state: 'JOB_STATE_PENDING', startTime: new Date().toISOString() }),
      { state: 'JOB_STATE_SUCCEEDED' },
      1,
    ],
    [
      'that was being cancelled is',
      job('1', { ...RUNNING, state: 'JOB_STATE_CANCELLING' }),
      { state: 'JOB_STATE_CANCELLED' },
      0,
    ],
    [
      'whose time was up ended in it, if it had ended',
      job('1', { ...RUNNING, jobSpec: { ...jobSpec, scheduling: { timeout: '1s' } } }, { decision: DECISION }),
      { state: 'JOB_STATE_SUCCEEDED' },
      0,
    ],
  ])('a job %s', async (_name, record, expected, containers) => {
    leave(record);
    const client = await open();
    expect(await client.ended(nameOf('1'))).toMatchObject({ name: nameOf('1'), createTime, ...expected });
    expect(engine.created).toHaveLength(containers);
  });

  const id = (digit: string) => digit.repeat(64);
  const replica = { 'train-on-vertex.job': '1', 'train-on-vertex.replica': 'workerpool0-0' };
  const listed = {
    containers: [{ Id: id('c'), State: 'running', Labels: replica }],
    networks: [{ Id: id('d'), Labels: { 'train-on-vertex.job': '1', 'train-on-vertex.addresses': 'chosen' } }],
  };

  it('leaves no container of a job beside those that it makes, where it could not be gone on with', async () => {
    await engine.close();
    engine = await startEngine({ listed, fails: new RegExp(`^GET /networks/${id('d')}$`) });
    leave(job('1', { ...RUNNING, startTime: new Date().toISOString() }));
    const client = await open();
    expect(await client.ended(nameOf('1'))).toMatchObject({ state: 'JOB_STATE_SUCCEEDED' });
    expect(engine.created).toHaveLength(1);
    expect(engine.removed.slice(0, 2)).toEqual([`/containers/${id('c')}`, `/networks/${id('d')}`]);
  });

  it('knows how a job ended that was decided, though the engine removes nothing', async () => {
    await engine.close();
    engine = await startEngine({ listed, fails: /^DELETE / });
    leave(job('1', RUNNING, { decision: DECISION }));
    const client = await open();
    expect(await client.ended(nameOf('1'))).toMatchObject({ state: 'JOB_STATE_SUCCEEDED', endTime });
    expect(engine.created).toEqual([]);
    expect(engine.removed).toContain(`/containers/${id('c')}`);
  });

  it('has each job once, in the order of their making, and numbers none anew', async () => {
    leave(job('1', { state: 'JOB_STATE_SUCCEEDED' }), job('2', { state: 'JOB_STATE_FAILED' }));
    const client = await open();
    const { customJobs } = (await client.call('GET', `/v1/${client.parent}/customJobs`)) as {
      customJobs?: CustomJob[];
    };
    // The project's number is its own, so that the list of another project is empty.
    expect(customJobs).toBeUndefined();
    const found = (await client.call('GET', '/v1/projects/1/locations/us-central1/customJobs')) as {
      readonly customJobs: readonly CustomJob[];
    };
    expect(found.customJobs.map(({ displayName }) => displayName)).toEqual(['2', '1']);
  });

  it('does not start without the engine that jobs run on, says so, and leaves all as it is', async () => {
    leave(job('1', RUNNING), job('2', RUNNING));
    const nowhere = { port: 0, engine: { socketPath: join(data, 'no-engine.sock') }, data };
    await expect(startService(nowhere)).rejects.toThrow(
      /^2 jobs have not ended that an earlier local region ran, and what became of them cannot be seen: .*cannot be reached.* --data\.$/s,
    );
    expect(readdirSync(data).filter((name) => name.startsWith('lock'))).toEqual([]);
    expect(readJournal(join(data, 'jobs.ndjson')).records.map(({ resource }) => resource.state)).toEqual([
      'JOB_STATE_RUNNING',
      'JOB_STATE_RUNNING',
    ]);
    leave(job('1', { state: 'JOB_STATE_SUCCEEDED' }));
    service = await startService(nowhere);
    expect((await new Client(service.port).get(nameOf('1'))).state).toBe('JOB_STATE_SUCCEEDED');
  });

  it('does not start on a journal that it cannot read, and tells where', async () => {
    writeFileSync(join(data, 'jobs.ndjson'), '{"instance":"mark"}\nnothing\n');
    await expect(open()).rejects.toThrow(`${join(data, 'jobs.ndjson')}:2:`);
    expect(readdirSync(data)).toEqual(['jobs.ndjson']);
    rmSync(join(data, 'jobs.ndjson'));
    writeFileSync(join(data, 'entries.ndjson'), '{}\n{\n');
    await expect(open()).rejects.toThrow(`${join(data, 'entries.ndjson')}:2:`);
  });
});
