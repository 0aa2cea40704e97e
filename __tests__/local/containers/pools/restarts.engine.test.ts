import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '../../../../src/local/service.ts';
import { Client } from '../../client.ts';
import { findMachine, IMAGE } from '../../machine.ts';

const machine = await findMachine();
const isThere = typeof machine !== 'string';
const suite = isThere ? describe : describe.skip;
if (!isThere) process.stderr.write(`SKIPPED: restarts of the local region's containers (${machine})\n`);

let service: Service;
let client: Client;

beforeAll(async () => {
  if (!isThere) return;
  service = await startService({ port: 0, engine: machine.address, graceSeconds: 0 });
  client = new Client(service.port);
});
afterAll(async () => {
  if (!isThere) return;
  await service.close();
  await machine.stop();
});

/** `$n`: how many times this replica has been started. */
const COUNT = 'f=/gcs/counts/$CLOUD_ML_JOB_ID-$RANK; echo >> $f; n=$(wc -l < $f); echo "start $n";';

const pool = (script: string, count = 1) => ({
  replicaCount: count,
  containerSpec: { imageUri: IMAGE, command: ['sh', '-c'], args: [COUNT + script] },
});

const run = (pools: object[], scheduling: object = {}) =>
  client.create('customJobs', { displayName: 'restarts', jobSpec: { workerPoolSpecs: pools, scheduling } });

/** Kills a replica's container as somebody else would, once it has been started `start` times. */
async function killed(name: string, replica: string, start = 1): Promise<void> {
  if (!isThere) return;
  for (;;) {
    if ((await client.output(name, replica)).includes(`start ${start}`)) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const labels = [`job=${name.split('/').at(-1)}`, `replica=${replica}`];
  const filters = labels.flatMap((label) => ['--filter', `label=train-on-vertex.${label}`]);
  await machine.docker('kill', (await machine.docker('ps', '-q', ...filters)).trim());
}

const warnings = async (name: string) =>
  (await client.entries(name, 'service'))
    .filter(({ severity }) => severity === 'WARNING')
    .map(({ textPayload }) => textPayload);

suite('the restarts of a job', () => {
  it('restarts a replica that was ended from outside, under the same names, while the others go on', async () => {
    const wait = 'until test "$(cat /gcs/counts/$CLOUD_ML_JOB_ID-1 2>/dev/null | wc -l)" = 2; do sleep 0.1; done;';
    const reach = `python3 -c "import os,socket; socket.gethostbyname(os.environ['MASTER_ADDR'].replace('pool0','pool1'))"`;
    const name = await run([pool(wait + reach), pool('hostname; sleep 60')]);
    await killed(name, 'workerpool1-0');
    expect((await client.ended(name)).error).toBeUndefined();
    expect(await client.output(name)).toEqual(['start 1']);
    const [first, host, second, hostAgain] = await client.output(name, 'workerpool1-0');
    expect([first, second, host]).toEqual(['start 1', 'start 2', hostAgain]);
    expect(await warnings(name)).toEqual([
      'The replica workerpool1-0 exited with a non-zero status of 137, ended from outside. The replica is restarted.',
    ]);
  });

  it('restarts all replicas with the one, where that is asked for', async () => {
    const pools = [pool('test $n = 2 || sleep 60'), pool('sleep 60')];
    const name = await run(pools, { restartJobOnWorkerRestart: true });
    await killed(name, 'workerpool1-0');
    const job = await client.ended(name);
    expect(job.error).toBeUndefined();
    expect(await client.output(name)).toEqual(['start 1', 'start 2']);
  });

  it('tries a job again whose program ended by an exit code that may pass', async () => {
    const name = await run([pool('test $n = 3 || exit 139')]);
    expect((await client.ended(name)).error).toBeUndefined();
    expect(await client.output(name)).toEqual(['start 1', 'start 2', 'start 3']);
    expect(await warnings(name)).toEqual(
      Array(2).fill(
        'The replica workerpool0-0 exited with a non-zero status of 139 (SIGSEGV). The job is tried again.',
      ),
    );
  });

  it.each([
    ['three times at most', {}, 4],
    ['not at all where retries are disabled', { disableRetries: true }, 1],
  ])('does so %s', async (_name, scheduling, starts) => {
    const name = await run([pool('exit 134')], scheduling);
    expect(await client.ended(name)).toMatchObject({
      state: 'JOB_STATE_FAILED',
      error: {
        code: 3,
        message: expect.stringMatching(/^The replica workerpool0-0 exited with a non-zero status of 134\./),
      },
    });
    expect(await client.output(name)).toHaveLength(starts);
  });

  it('counts its time through all attempts', async () => {
    // Counted anew, the second attempt would come to its end.
    const name = await run([pool('test $n = 2 || { sleep 1; exit 139; }; sleep 1.5')], { timeout: '2s' });
    expect(await client.ended(name)).toMatchObject({
      state: 'JOB_STATE_FAILED',
      error: { code: 4, message: 'DEADLINE_EXCEEDED: The job ran longer than its timeout of 2s.' },
    });
  });
});
