import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { EntriesPage } from '../src/google/logging.ts';
import type { LogsMode } from '../src/job/logs/follow.ts';
import { followLogs } from '../src/job/logs/follow.ts';
import type { Log } from '../src/log.ts';
import type { Clock } from '../src/retry.ts';
import { untrustedLines } from '../src/runner/actions-log.ts';
import type { Job } from '../src/vertex/jobs.ts';
import type { LogEntry } from '../src/vertex/types.ts';

/**
 * Lines per second of CPU time and peak memory for a job that logs a million lines, from the JSON of entries.list's pages through the
 * follower to a pipe that is read at once. Time that the quota would make the follower wait passes in no time.
 */

const LINES = Number(process.env['LINES'] ?? 1_000_000);
const START = Date.parse('2026-11-01T00:00:00Z');
/** Lines a second of the simulated job. */
const RATE = 400;
const WORKERS = 4;

const stamp = (ms: number) => new Date(ms).toISOString();

function entry(number: number): LogEntry {
  const atMs = START + Math.floor((number * 1_000) / RATE);
  const text = textOf(number);
  const isJson = number % 10 === 0;
  return {
    insertId: `1${number.toString(36).padStart(14, 'x')}`,
    timestamp: stamp(atMs).replace('Z', `${String(number % 1_000).padStart(3, '0')}001Z`),
    receiveTimestamp: stamp(atMs + 900),
    severity: number % 3 === 0 ? 'ERROR' : 'INFO',
    resource: {
      type: 'ml_job',
      labels: { job_id: '4242424242424242424', task_name: `workerpool0-${number % WORKERS}`, project_id: 'my-project' },
    },
    labels: { 'compute.googleapis.com/resource_name': 'gke-cml-1101-000000', 'ml.googleapis.com/tpu_worker_id': '' },
    ...(isJson ? { jsonPayload: { message: text, step: number, loss: 1 / (number + 1) } } : { textPayload: text }),
  };
}

/** Mostly steps of a training loop, some progress bars and colours, now and then a traceback in several entries. */
function textOf(number: number): string {
  const traceback = [
    'Traceback (most recent call last):',
    '  File "/app/train.py", line 12, in <module>',
    '    main()',
    'ValueError: a bad batch was skipped',
  ];
  const place = Math.floor((number % 20_000) / WORKERS);
  if (number % WORKERS === 1 && place < traceback.length) return traceback[place] ?? '';
  if (number % 50 === 7) return `\r 10%|#   | ${number}\r 50%|##  | ${number}\r100%|####| ${number}`;
  if (number % 50 === 8) return `\u001b[32mINFO\u001b[0m checkpoint ${number} saved ::not a command:: ##[nor this]`;
  return `epoch ${number % 90} step ${number}: loss=${(1 / (number + 1)).toFixed(6)} accuracy=0.91 lr=0.0003 (312.5 it/s)`;
}

/** Time that passes only where somebody sleeps. */
function freeClock(): Clock & { skip(ms: number): void } {
  let now = START;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
    skip: (ms) => {
      now += ms;
    },
  };
}

/** entries.list as text of JSON, as it comes over the network; entries are in order and readable at once. */
function service(clock: Clock) {
  const written = () => Math.min(LINES, Math.floor(((clock.now() - 1_000 - START) * RATE) / 1_000));
  const firstAt = (field: string, filter: string, ofField: number) => {
    const since = new RegExp(` ${field}>="([^"]+)"`).exec(filter)?.[1];
    return since === undefined ? 0 : Math.ceil(((Date.parse(since) - START - ofField) * RATE) / 1_000);
  };
  let reads = 0;
  const pageText = (filter: string, pageToken: string | undefined, pageSize: number): string => {
    reads += 1;
    const first = Math.max(0, firstAt('timestamp', filter, 0), firstAt('receiveTimestamp', filter, 900));
    const from = pageToken === undefined ? first : Number(pageToken);
    // Nothing is dated before it was written.
    const end = filter.includes(' timestamp<') ? from : written();
    const to = Math.min(end, from + pageSize);
    const entries = Array.from({ length: Math.max(0, to - from) }, (_, index) => entry(from + index));
    return JSON.stringify({ entries, ...(to < end ? { nextPageToken: `${to}` } : {}) });
  };
  return { pageText, reads: () => reads };
}

const JOB: Job = {
  name: 'projects/1/locations/us-central1/customJobs/4242424242424242424',
  state: 'RUNNING',
  error: undefined,
  labels: {},
  createTime: stamp(START),
  startTime: undefined,
  endTime: undefined,
  trials: [],
  backing: undefined,
};

const QUIET: Log = {
  debug: () => {},
  info: (message) => process.stdout.write(`  note: ${message}\n`),
  notice: () => {},
  warning: (message) => process.stdout.write(`  note: ${message}\n`),
  error: () => {},
  untrusted: () => {},
  group: (_, body) => body(),
  mask: () => {},
};

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** CPU time of this process so far, in milliseconds: other programs on the machine do not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

async function run(mode: LogsMode): Promise<void> {
  const clock = freeClock();
  const { pageText, reads } = service(clock);
  const reader = spawn('cat', { stdio: ['pipe', 'ignore', 'inherit'] });
  let makingMs = 0;
  let told = 0;
  let waits = 0;
  let peak = 0;
  let live = 0;
  let polls = 0;
  const follower = followLogs({
    api: {
      list: async ({ filter, pageToken, pageSize = 1_000 }): Promise<EntriesPage> => {
        const before = cpuMs();
        const text = pageText(filter, pageToken, pageSize);
        makingMs += cpuMs() - before;
        const { entries, nextPageToken } = JSON.parse(text) as EntriesPage;
        return { entries, nextPageToken };
      },
    },
    project: 'my-project',
    job: JOB,
    clock,
    log: QUIET,
    mode,
    tell: async (source, text) => {
      const lines = untrustedLines(source, text);
      told += lines.length;
      if (reader.stdin.write(`${lines.join('\n')}\n`)) return;
      waits += 1;
      await once(reader.stdin, 'drain');
    },
  });
  const before = process.memoryUsage().rss;
  const began = cpuMs();
  let count = 0;
  while (count < LINES) {
    count += await follower.poll(JOB);
    clock.skip(5_000);
    peak = Math.max(peak, process.memoryUsage().rss);
    polls += 1;
    if (polls % 100 > 0) continue;
    const before = cpuMs();
    collect();
    live = Math.max(live, process.memoryUsage().heapUsed);
    makingMs += cpuMs() - before;
  }
  await follower.sweep({ ...JOB, state: 'FAILED', endTime: stamp(clock.now()) }, new AbortController().signal);
  reader.stdin.end();
  await once(reader, 'close');
  const seconds = (cpuMs() - began - makingMs) / 1_000;
  const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
  process.stdout.write(
    `${mode}: ${LINES} entries, ${told} lines told, in ${seconds.toFixed(1)} s of CPU time: ${Math.round(LINES / seconds)} entries/s; ` +
      `${reads()} reads in ${Math.round((clock.now() - START) / 60_000)} min of the job's time; ${waits} waits for the pipe; ` +
      `memory: peak ${mib(peak)} MiB, ${mib(before)} MiB of it before and at most ${mib(live)} MiB of it in use; ${follower.errors().length} errors kept\n`,
  );
}

await run((process.argv[2] ?? 'all') as LogsMode);
