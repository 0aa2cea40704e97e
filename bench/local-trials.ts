import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findMachine, IMAGE } from '../__tests__/local/machine.ts';
import { startService } from '../src/local/service.ts';
import type { HyperparameterTuningJob } from '../src/vertex/types.ts';

/**
 * What a trial of the local service costs beside its container: 200 trials, 8 at a time, of a program that only sleeps and
 * reports, against the same program under plain `docker run` as often and as many at a time, in turns of 40 each so that both
 * meet the same machine.
 */

const TRIALS = 200;
const LANES = 8;
const TURNS = 5;
const SLEEP_S = 1;

const SCRIPT = `sleep ${SLEEP_S}
mkdir -p $(dirname $CLOUD_ML_HP_METRIC_FILE)
echo "{\\"global_step\\": \\"1\\", \\"m\\": \\"0.5\\", \\"timestamp\\": $(date +%s.%N)}" > $CLOUD_ML_HP_METRIC_FILE`;

/** Milliseconds that each of the programs took from its asking to its end, and all of them together. */
interface Turn {
  readonly each: readonly number[];
  readonly all: number;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Runs a program so many times, so many at a time. */
async function inLanes(count: number, work: () => Promise<unknown>): Promise<Turn> {
  const each: number[] = [];
  let begun = 0;
  const lane = async () => {
    while (begun < count) {
      begun += 1;
      each.push(await timed(work));
    }
  };
  const all = await timed(() => Promise.all(Array.from({ length: LANES }, lane)));
  return { each, all };
}

async function plain(count: number): Promise<Turn> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-trials-'));
  const variable = 'CLOUD_ML_HP_METRIC_FILE=/var/hypertune/output.metrics';
  const args = ['run', '--rm', '--env', variable, '--volume', `${folder}:/var/hypertune`, IMAGE, 'sh', '-c', SCRIPT];
  const turn = await inLanes(count, async () => {
    const [code] = await once(spawn('docker', args, { stdio: ['ignore', 'ignore', 'inherit'] }), 'close');
    if (code !== 0) throw new Error(`docker run ended with ${code}`);
  });
  rmSync(folder, { recursive: true, force: true });
  return turn;
}

async function tuned(port: number, count: number): Promise<Turn> {
  const base = `http://127.0.0.1:${port}/v1/`;
  const body = {
    displayName: 'bench',
    maxTrialCount: count,
    parallelTrialCount: LANES,
    studySpec: {
      metrics: [{ metricId: 'm', goal: 'MAXIMIZE' }],
      parameters: [{ parameterId: 'x', doubleValueSpec: { minValue: 0, maxValue: 1 } }],
    },
    trialJobSpec: {
      workerPoolSpecs: [{ containerSpec: { imageUri: IMAGE, command: ['sh', '-c'], args: [SCRIPT, 'sh'] } }],
    },
  };
  const path = 'projects/p/locations/us-central1/hyperparameterTuningJobs';
  let job: HyperparameterTuningJob | undefined;
  const all = await timed(async () => {
    const made = await fetch(`${base}${path}`, { method: 'POST', body: JSON.stringify(body) });
    const { name } = (await made.json()) as { readonly name: string };
    do {
      await delay(100);
      job = (await (await fetch(`${base}${name}`)).json()) as HyperparameterTuningJob;
    } while (job.endTime === undefined);
  });
  const { trials = [], state } = job ?? {};
  if (state !== 'JOB_STATE_SUCCEEDED' || trials.length !== count) throw new Error(JSON.stringify(job));
  return { each: trials.map(({ startTime = '', endTime = '' }) => Date.parse(endTime) - Date.parse(startTime)), all };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[values.length >> 1] ?? Number.NaN;
}

/** What a program took beyond its sleep while `LANES` of them shared the machine. */
function overhead(turns: readonly Turn[]): number {
  return (sum(turns.map(({ all }) => all)) * LANES) / TRIALS - SLEEP_S * 1000;
}

function line(name: string, turns: readonly Turn[]): string {
  const each = turns.flatMap((turn) => turn.each);
  const rate = (TRIALS * 1000) / sum(turns.map(({ all }) => all));
  return `${name.padEnd(16)} ${rate.toFixed(2)} per s, median ${median(each).toFixed(0)} ms, ${overhead(turns).toFixed(0)} ms beyond the sleep\n`;
}

const machine = await findMachine();
if (typeof machine === 'string') throw new Error(machine);
const service = await startService({ port: 0, engine: machine.address });
const turns = { plain: [] as Turn[], tuned: [] as Turn[] };
let cpu = 0;
try {
  for (let turn = 0; turn < TURNS; turn += 1) {
    turns.plain.push(await plain(TRIALS / TURNS));
    const before = process.cpuUsage();
    turns.tuned.push(await tuned(service.port, TRIALS / TURNS));
    const { user, system } = process.cpuUsage(before);
    cpu += (user + system) / 1000;
  }
} finally {
  await service.close();
  await machine.stop();
}
const [bare, ours] = [overhead(turns.plain), overhead(turns.tuned)];
process.stdout.write(`${TRIALS} programs that sleep ${SLEEP_S} s and report, ${LANES} at a time\n`);
process.stdout.write(line('docker run', turns.plain));
process.stdout.write(line('trials', turns.tuned));
process.stdout.write(
  `a trial costs ${(ours - bare).toFixed(0)} ms more than docker run (${(ours / bare).toFixed(2)} times its overhead), ` +
    `of which ${(cpu / TRIALS).toFixed(0)} ms of this service's processor time\n`,
);
