import { appendFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Script } from '../../../src/local/faults/script.ts';
import type { LogEntry, Trial } from '../../../src/vertex/types.ts';
import { next } from './client.ts';
import { type FaultyProcess, startProcess } from './process.ts';
import { ask } from './raw.ts';
import {
  customJob,
  ENDS,
  NO_ENGINE,
  Opened,
  openService,
  PARENT,
  pipeline,
  reached,
  texts,
  tuningJob,
} from './service.ts';

jest.setTimeout(60_000);

const HOUR = 3_600_000;
const ENV = { DOCKER_HOST: `unix://${NO_ENGINE.socketPath}` };

let data: string;
let process: FaultyProcess | undefined;
let service: Opened;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'faults-restart-'));
  await start();
});
afterEach(async () => {
  await process?.kill();
  await rm(data, { recursive: true, force: true });
});

/** Starts the service on its folder, at the address that it had. */
async function start(): Promise<void> {
  process = await startProcess({ data, port: process?.port, env: ENV });
  service = new Opened(process.port);
}

async function restart(): Promise<void> {
  await process?.kill();
  await start();
}

const script = (s: Script) => service.faults.order({ scripts: { s } });
const advance = (advanceMs: number) => service.faults.order({ clock: { advanceMs } });
const create = () => service.vertex.create(PARENT, 'customJobs', customJob('s', { labels: { key: 'k' } }));
const found = () => service.vertex.list(PARENT, 'customJobs', 'labels.key="k"');

/** An entry without what says when and in which order it came. */
const contents = (entries: readonly LogEntry[]) =>
  entries.map(({ severity, textPayload }) => ({ severity, textPayload }));

describe('a service that is killed and started again', () => {
  it('finds what had ended, with its log, and keeps on counting', async () => {
    await script({ programs: [{ events: [{ stdout: 'line {n}', times: 5 }], exit: { code: 3 } }] });
    const { name } = await create();
    const before = [await reached(service, name, ...ENDS), await service.entries(name)];
    await restart();
    expect([await service.vertex.get(name), await service.entries(name)]).toEqual(before);
    expect(await found()).toHaveLength(1);
    const other = await create();
    await reached(service, other.name, ...ENDS);
    expect(contents(await service.entries(other.name)).slice(0, -1)).toEqual(
      contents(before[1] as LogEntry[]).slice(0, -1),
    );
    const ids = [...(before[1] as LogEntry[]), ...(await service.entries(other.name))].map(({ insertId }) => insertId);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
  });

  it('finds a job whose creation it never answered', async () => {
    await script({ queuedMs: 'forever' });
    await service.faults.order({ rules: [next('create', { kind: 'hang' }, { when: 'after' })] });
    const lost = create().catch((error: unknown) => error);
    while ((await service.faults.report()).jobs.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await restart();
    expect(await lost).toMatchObject({ name: 'ApiError' });
    expect(await found()).toMatchObject([{ state: 'QUEUED' }]);
  });

  it('goes on with a job at its place: every line once, in order, whenever it is killed', async () => {
    await script({
      queuedMs: HOUR,
      pendingMs: HOUR,
      turns: [{ atMs: 3 * HOUR, state: 'PAUSED' }],
      programs: [
        {
          events: [
            { stdout: 'line {n}', times: 50, everyMs: HOUR },
            { stderr: 'half', atMs: 24 * HOUR },
          ],
        },
      ],
    });
    const { name, createTime } = await create();
    const states: string[] = [];
    const look = async (...wanted: string[]) => {
      const { state } = await reached(service, name, ...wanted);
      states.push(state);
      await restart();
      states.push((await reached(service, name, ...wanted)).state);
    };
    await look('QUEUED');
    await advance(HOUR);
    await look('PENDING');
    await advance(HOUR);
    await look('RUNNING');
    const { startTime = '' } = await service.vertex.get(name);
    expect(Math.round((Date.parse(startTime) - Date.parse(createTime ?? '')) / HOUR)).toBe(2);
    await advance(20 * HOUR);
    await look('PAUSED');
    // Time passes while nothing runs: the lines of it come when the service does.
    await advance(10 * HOUR);
    await restart();
    await advance(30 * HOUR);
    const job = await reached(service, name, ...ENDS);
    expect(job).toMatchObject({ state: 'SUCCEEDED', createTime, startTime });
    expect(states).toEqual(['QUEUED', 'QUEUED', 'PENDING', 'PENDING', 'RUNNING', 'RUNNING', 'PAUSED', 'PAUSED']);
    const entries = await service.entries(name);
    expect(texts(entries).filter((text) => text !== 'half')).toEqual(
      Array.from({ length: 50 }, (_unused, at) => `line ${at + 1}`),
    );
    expect(texts(entries).filter((text) => text === 'half')).toHaveLength(1);
    expect(texts(entries, 'service')).toEqual([
      'Waiting for job to be provisioned.',
      expect.stringMatching(/^Vertex AI is provisioning/),
      'Vertex AI is setting up this job.',
      'Waiting for training program to start.',
      'Job is preparing.',
      'Job is running.',
      'Tearing down training program.',
      'Finished tearing down training program.',
      'Job completed successfully.',
    ]);
  });

  it('tells every line once, however often it is killed while it writes', async () => {
    const lines = 20_000;
    await script({ programs: [{ events: [{ stdout: 'line {n}', times: lines }] }] });
    const { name } = await create();
    for (const ms of [1, 3, 10, 30]) {
      await new Promise((resolve) => setTimeout(resolve, ms));
      await restart();
    }
    await reached(service, name, ...ENDS);
    const found = texts(await service.entries(name));
    expect(found).toHaveLength(lines);
    expect(found.every((text, index) => text === `line ${index + 1}`)).toBe(true);
  });

  it('takes no two lines that are alike for one', async () => {
    await script({ programs: [{ events: [{ stdout: 'alike', times: 10, everyMs: HOUR }] }] });
    const { name } = await create();
    await reached(service, name, 'RUNNING');
    for (const hours of [3, 3, 3]) {
      await advance(hours * HOUR);
      await restart();
    }
    await reached(service, name, ...ENDS);
    expect(texts(await service.entries(name))).toEqual(Array(10).fill('alike'));
  });

  it('goes on in the attempt that a preemption made', async () => {
    await script({
      restartMs: HOUR,
      programs: [
        { attempt: 1, events: [{ stdout: 'first' }, { preempt: 'job', atMs: HOUR }] },
        { events: [{ stdout: 'second' }, { stdout: 'end', atMs: HOUR }] },
      ],
    });
    const { name } = await create();
    await reached(service, name, 'RUNNING');
    await advance(HOUR);
    await reached(service, name, 'PENDING');
    await advance(HOUR);
    await reached(service, name, 'RUNNING');
    await restart();
    await reached(service, name, 'RUNNING');
    expect(texts(await service.entries(name))).toEqual(['first', 'second']);
    await advance(HOUR);
    await reached(service, name, 'SUCCEEDED');
    expect(texts(await service.entries(name))).toEqual(['first', 'second', 'end']);
  });

  it('ends a job that was being cancelled', async () => {
    await script({ cancelMs: HOUR, programs: [{ exit: 'never' }] });
    const { name } = await create();
    await reached(service, name, 'RUNNING');
    await service.vertex.cancel(name);
    await restart();
    await advance(HOUR);
    expect(await reached(service, name, ...ENDS)).toMatchObject({ state: 'CANCELLED', error: { code: 1 } });
  });

  it('goes on with a study: trials that have ended stay, those that run go on, and none is run twice', async () => {
    const measure = (loss: number, step: number, atMs: number) => ({ measure: { loss }, step, atMs });
    await script({
      programs: [
        { trial: '2', exit: { atMs: HOUR, code: 1 } },
        { events: [{ stdout: 'on' }, measure(0.5, 1, 0), measure(0.25, 2, 3 * HOUR)] },
      ],
    });
    const { name } = await service.vertex.create(PARENT, 'hyperparameterTuningJobs', tuningJob('s'));
    const trials = async () => (await service.vertex.get(name)).trials;
    await reached(service, name, 'RUNNING');
    await advance(HOUR);
    while (!(await trials()).some(({ id, state }) => id === '3' && state === 'ACTIVE'))
      await new Promise((resolve) => setTimeout(resolve, 10));
    const before = await trials();
    expect(before.map(({ state }) => state)).toEqual(['ACTIVE', 'INFEASIBLE', 'ACTIVE']);
    await restart();
    // The measurements of trials that run are looked at now and then.
    const settled = ({ measurements: _measurements, ...rest }: Trial) => rest;
    expect((await trials()).map(settled)).toEqual(before.map(settled));
    let job = await service.vertex.get(name);
    for (; !ENDS.includes(job.state); job = await service.vertex.get(name)) await advance(HOUR);
    expect(job.state).toBe('SUCCEEDED');
    expect(
      job.trials.map(({ id, state, finalMeasurement }) => [id, state, finalMeasurement?.metrics?.[0]?.value]),
    ).toEqual([
      ['1', 'SUCCEEDED', 0.25],
      ['2', 'INFEASIBLE', undefined],
      ['3', 'SUCCEEDED', 0.25],
      ['4', 'SUCCEEDED', 0.25],
    ]);
    expect(job.trials.map(({ measurements }) => measurements?.length)).toEqual([2, 0, 2, 2]);
    const entries = await service.entries(name);
    expect(texts(entries)).toEqual(['on', 'on', 'on']);
    const begun = texts(entries, 'service').filter((text) => /^Trial \d+: /.test(text));
    expect(begun.map((text) => text.slice(0, 8))).toEqual(['Trial 1:', 'Trial 2:', 'Trial 3:', 'Trial 4:']);
  });

  it('goes on with a pipeline and the one job behind it', async () => {
    await script({ programs: [{ exit: { atMs: HOUR } }] });
    const { name } = await service.vertex.create(PARENT, 'trainingPipelines', pipeline('s'));
    const { backing = '' } = await reached(service, name, 'RUNNING');
    await reached(service, backing, 'RUNNING');
    await restart();
    expect(await service.vertex.get(name)).toMatchObject({ state: 'RUNNING', backing });
    await advance(HOUR);
    expect(await reached(service, name, ...ENDS)).toMatchObject({ state: 'SUCCEEDED', backing });
    expect((await service.faults.report()).jobs).toHaveLength(2);
  });

  it('stands by what it was told: rules with what they have met, conditions, tokens, its clock', async () => {
    await service.faults.order({
      rules: [
        next('list', { kind: 'refuse', reason: 'unavailable' }, { times: 2 }),
        next('get', { kind: 'expired-token' }),
      ],
      conditions: { listLagMs: HOUR },
      scripts: { s: {} },
      clock: { advanceMs: 5 * HOUR, skewMs: HOUR },
    });
    const path = `/v1/${PARENT}/customJobs`;
    const { name } = await create();
    expect((await ask(service.port, path)).status).toBe(503);
    expect((await ask(service.port, `/v1/${name}`, { headers: { authorization: 'Bearer t' } })).status).toBe(401);
    const { nowMs, rules, conditions } = await service.faults.report();
    await restart();
    const after = await service.faults.report();
    expect({ rules: after.rules, conditions: after.conditions }).toEqual({ rules, conditions });
    expect(after.nowMs).toBeGreaterThanOrEqual(nowMs);
    expect((await ask(service.port, path, { headers: { authorization: 'Bearer t' } })).status).toBe(401);
    expect((await ask(service.port, path)).status).toBe(503);
    expect(JSON.parse((await ask(service.port, path)).text)).toEqual({});
    await advance(HOUR);
    expect(await found()).toHaveLength(1);
  });

  it('leaves deleted jobs deleted', async () => {
    await script({});
    const [kept, gone] = [await create(), await create()];
    await reached(service, gone.name, ...ENDS);
    await fetch(`${service.url}/v1/${gone.name}`, { method: 'DELETE' });
    await restart();
    expect((await found()).map(({ name }) => name)).toEqual([kept.name]);
  });

  it('finds its models: versions, aliases, numbers, operations, and none that was deleted', async () => {
    const call = async (method: string, path: string, body?: object) =>
      JSON.parse((await ask(service.port, `/v1/${path}`, { method, body })).text) as Record<string, unknown>;
    const upload = (more: object) =>
      call('POST', `${PARENT}/models:upload`, {
        model: { displayName: 'm', containerSpec: { imageUri: 'serving' } },
        ...more,
      });
    const first = await upload({ modelId: 'a' });
    const name = String(first['name']).replace(/\/operations.*/, '');
    await upload({ modelId: 'b' });
    for (const _version of [2, 3]) await upload({ parentModel: name });
    await call('POST', `${name}@2:mergeVersionAliases`, { versionAliases: ['best', 'default'] });
    await call('DELETE', `${name}@3:deleteVersion`);
    await call('DELETE', `${PARENT}/models/b`);
    const seen = () =>
      Promise.all([`${PARENT}/models`, `${name}:listVersions`, String(first['name'])].map((path) => call('GET', path)));
    const before = await seen();
    expect(before).toMatchObject([
      { models: [{ name, versionId: '2' }] },
      { models: [{ versionAliases: ['best', 'default'] }, { versionId: '1' }] },
      { done: true },
    ]);
    await restart();
    expect(await seen()).toEqual(before);
    await upload({ parentModel: name });
    expect(await call('GET', `${name}@4`)).toMatchObject({ versionId: '4' });
  });

  it('passes over what was written by half', async () => {
    await script({ programs: [{ events: [{ stdout: 'a' }] }] });
    const { name } = await create();
    const before = [await reached(service, name, ...ENDS), await service.entries(name)];
    await process?.kill();
    appendFileSync(join(data, 'jobs.ndjson'), '{"change":"projects/');
    appendFileSync(join(data, 'entries.ndjson'), '{"insertId":"00000');
    await start();
    expect([await service.vertex.get(name), await service.entries(name)]).toEqual(before);
    const other = await create();
    await reached(service, other.name, ...ENDS);
    await restart();
    expect(texts(await service.entries(other.name))).toEqual(['a']);
  });
});

describe('a service that ends in order', () => {
  it('has cancelled its jobs, and finds them so', async () => {
    await script({ programs: [{ exit: 'never' }] });
    const { name } = await create();
    await reached(service, name, 'RUNNING');
    await process?.stop();
    const again = await openService({ data });
    expect((await again.vertex.get(name)).state).toBe('CANCELLED');
    await again.close();
  });
});
