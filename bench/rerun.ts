import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSignIn } from '../__tests__/e2e/parts/google.ts';
import { runStep } from '../__tests__/e2e/parts/runner.ts';
import { Ground } from '../__tests__/image/build/ground.ts';
import { remote } from '../__tests__/image/build/ways.ts';
import { must } from '../scripts/machine/run.ts';

/**
 * An unchanged re-run: this action's step (`submit: false`) against `docker buildx build --push` with a warm registry
 * cache, on the same BuildKit daemon, registry and context, in turns. Needs root, Go and `npm run build`.
 */

const RUNS = 5;
const FILES = 2_000;
const PROVIDER = 'projects/123456789/locations/global/workloadIdentityPools/github/providers/repo';
const ACCOUNT = 'trainer@my-project.iam.gserviceaccount.com';

const ground = await Ground.open();
try {
  const way = await remote(ground);
  if (typeof way === 'string') throw new Error(way);
  const workspace = await makeRepository();
  const ours = `${ground.proxy.host}/bench/ours`;
  const theirs = `${ground.proxy.host}/bench/theirs`;
  await writeLogins(way.env['DOCKER_CONFIG'] ?? '');
  const signIn = await startSignIn({ provider: PROVIDER, serviceAccount: ACCOUNT });
  ground.add(() => signIn.stop());

  const step = async () => {
    const started = performance.now();
    const result = await runStep({
      workspace,
      inputs: {
        project_id: 'my-project',
        region: 'us-central1',
        image: ours,
        submit: 'false',
        registry_username: 'pusher',
        registry_password: ground.password,
        workload_identity_provider: PROVIDER,
        service_account: ACCOUNT,
      },
      extraEnv: { ...way.env, ...signIn.env },
    });
    if (result.outcome !== 'success') throw new Error(result.log.join('\n'));
    return performance.now() - started;
  };
  /** Hosted runners begin every job with an empty builder: the registry's cache is all that is warm. */
  const emptied = () => must('docker', ['buildx', 'prune', '--all', '--force'], { env: way.env });
  const buildx = async () => {
    const started = performance.now();
    const cache = `type=registry,ref=${theirs}:buildcache`;
    await must(
      'docker',
      [
        'buildx',
        'build',
        '--push',
        `--tag=${theirs}:latest`,
        `--cache-from=${cache}`,
        `--cache-to=${cache},mode=max`,
        workspace,
      ],
      { env: way.env },
    );
    return performance.now() - started;
  };

  say(`cold: the step ${ms(await step())}, buildx ${ms(await buildx())}`);
  const [steps, builds, warm]: [number[], number[], number[]] = [[], [], []];
  for (let run = 0; run < RUNS; run += 1) {
    steps.push(await step());
    warm.push(await buildx());
    await emptied();
    builds.push(await buildx());
  }
  say(`unchanged, median of ${RUNS}:`);
  say(`  the whole step, sign-in and plan included: ${ms(median(steps))}`);
  say(`  buildx, its builder empty and the registry's cache warm: ${ms(median(builds))} (${ratio(builds, steps)})`);
  say(`  buildx, its builder warm too: ${ms(median(warm))} (${ratio(warm, steps)})`);
} finally {
  await ground.close();
}

async function makeRepository(): Promise<string> {
  const folder = await ground.folder();
  for (let index = 0; index < FILES; index += 1) {
    const place = join(folder, `package_${index % 50}`);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `module_${index}.py`), `print(${index})\n`.repeat(600));
  }
  writeFileSync(
    join(folder, 'Dockerfile'),
    `FROM ${ground.base}\nRUN mkdir /app && sleep 1\nCOPY . /app/\nENTRYPOINT ["sh", "/app/train.sh"]\n`,
  );
  writeFileSync(join(folder, 'train.sh'), 'echo training\n');
  return folder;
}

async function writeLogins(dockerConfig: string): Promise<void> {
  writeFileSync(join(dockerConfig, 'config.json'), JSON.stringify({ auths: ground.auths() }));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function ratio(of: readonly number[], to: readonly number[]): string {
  return `${(median(of) / median(to)).toFixed(2)} times the step`;
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
