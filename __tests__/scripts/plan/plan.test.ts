// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what a Dockerfile and a workflow hold
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { run } from '../../../scripts/machine/run.ts';
import type { PlanDocument } from '../../../src/plan/document.ts';
import { tempFolders } from '../../ground/temp-folder.ts';

const newFolder = tempFolders();
const SCRIPT = resolve(import.meta.dirname, '../../../scripts/plan.ts');
const WORKFLOW = '.github/workflows/train.yml';

/** A repository with a program, a Dockerfile and this `with:` block of its workflow. */
function repository(block: string, files: Readonly<Record<string, string>> = {}): string {
  const folder = newFolder();
  const indented = block.replace(/^/gm, '          ');
  const all = {
    Dockerfile:
      'ARG BASE_IMAGE=python:3.12-slim\nFROM ${BASE_IMAGE}\nCOPY train.py .\nENTRYPOINT ["python", "train.py"]\n',
    'train.py': 'print("trained")\n',
    [WORKFLOW]: `name: Train\njobs:\n  train:\n    steps:\n      - id: model\n        uses: octo/train-on-vertex@v1\n        with:\n${indented}\n`,
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const IMAGE = 'us-central1-docker.pkg.dev/my-project/training/digits';
const LEAST = `project_id: my-project\nregion: us-central1\nimage: ${IMAGE}`;

/** As `npm run plan` does it from that folder: npm itself changes to the project's. */
function plan(folder: string, ...args: readonly string[]) {
  const env = { ...process.env, INIT_CWD: folder };
  return run(process.execPath, ['--disable-warning=ExperimentalWarning', SCRIPT, ...args], { env });
}

const planJson = async (folder: string, ...args: readonly string[]) => {
  const { code, stdout, stderr } = await plan(folder, WORKFLOW, '--json', ...args);
  return { code, stderr, document: JSON.parse(stdout) as PlanDocument };
};

describe('as text', () => {
  test('a sound step: plan, request, and how many findings; status 0', async () => {
    const { code, stdout, stderr } = await plan(repository(LEAST), WORKFLOW);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('Custom job in projects/my-project/locations/us-central1: owner/repository Train #1');
    expect(lines).toContain('Machine: n1-standard-4: the default without accelerators');
    expect(lines).toContain('POST /v1/projects/my-project/locations/us-central1/customJobs');
    expect(lines.slice(-2)).toEqual(['0 errors, 0 warnings, 0 notes', '']);
  });

  test.each([
    { name: 'as only a run knows it', job: '${{ needs.train.outputs.job }}' },
    { name: 'by its name', job: 'projects/my-project/locations/us-central1/customJobs/7' },
  ])('a step that follows a job, given $name: nothing is planned; status 0', async ({ job }) => {
    const folder = repository(`project_id: my-project\nregion: us-central1\njob: ${job}`);
    const { code, stdout } = await plan(folder, WORKFLOW);
    expect(code).toBe(0);
    expect(stdout).toContain('This step follows a job that stands already: nothing is planned.\n0 errors');
    expect(stdout).not.toContain('POST');
  });

  test('a step with faults: every one of them, and no request; status 1', async () => {
    const { code, stdout } = await plan(repository(`${LEAST}\nwait: maybe\nmachine_type: n1-standrad-4`), WORKFLOW);
    expect(code).toBe(1);
    expect(stdout).not.toContain('POST');
    expect(stdout.split('\n').filter((line) => line.startsWith('error: '))).toEqual([
      'error: .github/workflows/train.yml:11:11: wait: "maybe" is not accepted. Write true or false. [boolean]',
      'error: .github/workflows/train.yml:12:11: machine_type: "n1-standrad-4" is not in the catalog of training machines; the nearest is n1-standard-4. Mend the name. [machine-name]',
    ]);
    expect(stdout).toMatch(/\n2 errors, 0 warnings, 0 notes\n$/);
  });

  test('warnings and notes by their own names, and status 0', async () => {
    const block = `${LEAST}\nmachine_type: z9-hyperscale-128\nenv_vars: API_TOKEN=abcdefgh\nignore: machine-unlisted`;
    const { code, stdout } = await plan(repository(block), WORKFLOW);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^note: \S+\/train\.yml:11:11: machine_type: .*\[machine-unlisted\]$/m);
    expect(stdout).toMatch(/^warning: \S+\/train\.yml:12:11: env_vars: .*\[env-secret\]$/m);
    expect(stdout).toMatch(/\n0 errors, 1 warning, 1 note\n$/);
  });
});

describe('as JSON', () => {
  test('a sound step is one document', async () => {
    const { code, document } = await planJson(repository(LEAST));
    expect(code).toBe(0);
    expect(document.plan?.image).toBe(IMAGE);
    expect(document.plan?.tags).toEqual(['0'.repeat(40)]);
    expect(document.request).toMatchObject({
      method: 'POST',
      collection: 'projects/my-project/locations/us-central1/customJobs',
      body: { jobSpec: { workerPoolSpecs: [{ containerSpec: { imageUri: IMAGE } }] } },
    });
    expect(document.errors).toEqual([]);
  });

  test('a step with faults is one document too; status 1', async () => {
    const { code, document } = await planJson(repository(`${LEAST}\nwait: maybe`));
    expect([code, document.plan, document.request]).toEqual([1, null, null]);
    expect(document.errors).toEqual([
      {
        rule: 'boolean',
        input: 'wait',
        file: WORKFLOW,
        line: 11,
        column: 11,
        text: '"maybe" is not accepted. Write true or false.',
      },
    ]);
  });

  test('no word besides, though inputs are left out', async () => {
    const { document } = await planJson(repository(`${LEAST}\nlabels: \${{ vars.LABELS }}`));
    expect(document.errors).toEqual([]);
  });

  test('a password is not shown, and does not disturb the document', async () => {
    const folder = repository(`${LEAST}\nregistry_username: me\nregistry_password: hunter2-and-more`);
    const { code, stdout } = await plan(folder, WORKFLOW, '--json');
    expect(stdout).not.toContain('hunter2');
    expect([code, (JSON.parse(stdout) as PlanDocument).errors]).toEqual([0, []]);
  });
});

describe('the workspace', () => {
  test('is the folder that holds .github, wherever the command is given', async () => {
    const folder = repository(`${LEAST}\nconfig: job.yaml`, { 'job.yaml': 'scheduling:\n  timeout: soon\n' });
    mkdirSync(join(folder, 'sub'));
    const { code, stdout } = await plan(join(folder, 'sub'), `../${WORKFLOW}`, '--json');
    const [error] = (JSON.parse(stdout) as PlanDocument).errors;
    expect([code, error?.file, error?.line]).toEqual([1, 'job.yaml', 2]);
  });

  test("is the repository's root for a workflow elsewhere", async () => {
    const folder = repository(LEAST);
    mkdirSync(join(folder, '.git'));
    mkdirSync(join(folder, 'ci', 'deep'), { recursive: true });
    writeFileSync(
      join(folder, 'ci/deep/x.yml'),
      `jobs: { a: { steps: [{ uses: ./, with: { project_id: my-project, region: local } }] } }`,
    );
    const { code, stdout } = await plan(folder, 'ci/deep/x.yml');
    expect([code, stdout.split('\n')[0]]).toEqual([
      0,
      'Custom job in projects/my-project/locations/local: owner/repository ci/deep/x.yml #1',
    ]);
  });
});

describe('--input', () => {
  test('goes over the file, and stands for an expression', async () => {
    const folder = repository(`project_id: \${{ vars.PROJECT }}\nregion: us-east1\nimage: ${IMAGE}`);
    const without = await plan(folder, WORKFLOW);
    expect(without.code).toBe(1);
    expect(without.stdout).toContain('Left out, as only a run knows them: project_id (give --input NAME=VALUE)\n');
    expect(without.stdout).toContain(
      `error: ${WORKFLOW}:8:11: project_id is an expression that only a run can evaluate, and the plan needs it. Give --input project_id=VALUE. [required]`,
    );
    const { code, document } = await planJson(
      folder,
      '--input',
      'project_id=other-project',
      '--input',
      'region=us-west1',
    );
    expect([code, document.request?.collection]).toEqual([0, 'projects/other-project/locations/us-west1/customJobs']);
  });

  test('takes = and line ends in its value', async () => {
    const { document } = await planJson(repository(LEAST), '--input', 'env_vars=A=1=2\nB=3');
    expect(JSON.stringify(document.request?.body)).toContain('[{"name":"A","value":"1=2"},{"name":"B","value":"3"}]');
  });
});

describe('what only a run knows is no fault at a desk', () => {
  test.each<{ name: string; block: string }>([
    {
      name: 'the provider beside an account',
      block: 'workload_identity_provider: ${{ vars.WIP }}\nservice_account: a@b.iam.gserviceaccount.com',
    },
    {
      name: 'the account beside a provider',
      block:
        'workload_identity_provider: projects/1/locations/global/workloadIdentityPools/pool/providers/repo\nservice_account: ${{ vars.SA }}',
    },
    {
      name: 'a password beside its user name',
      block: 'registry_username: me\nregistry_password: ${{ secrets.TOKEN }}',
    },
    { name: 'the matrix', block: 'matrix: ${{ toJSON(matrix) }}' },
    {
      name: 'the run in the name of a folder',
      block:
        'output_uri: gs://my-bucket/runs/${{ github.run_id }}/${{github.sha}}\nmetrics_file: metrics.json\ngate: accuracy >= baseline\ncomment: "true"',
    },
  ])('$name', async ({ block }) => {
    const { code, document } = await planJson(repository(`${LEAST}\n${block}`));
    expect([code, document.errors]).toEqual([0, []]);
  });
});

describe('what the workflow itself has to say', () => {
  const provider = 'workload_identity_provider: projects/1/locations/global/workloadIdentityPools/pool/providers/repo';

  test('the right to ask for OIDC tokens, where a provider is named', async () => {
    const folder = repository(`${LEAST}\n${provider}`);
    const { code, document } = await planJson(folder);
    expect([code, document.errors.map(({ rule, input }) => [rule, input])]).toEqual([
      1,
      [['id-token', 'workload_identity_provider']],
    ]);
  });

  test.each([
    { name: 'both are missing', permissions: 'contents: read', warned: ['gate', 'comment'] },
    { name: 'both are given', permissions: 'actions: read\n      pull-requests: write', warned: [] },
    {
      name: 'reading is given where writing is needed',
      permissions: 'actions: read\n      pull-requests: read',
      warned: ['comment'],
    },
  ])('the rights that gate and comment take: $name', async ({ permissions, warned }) => {
    const asking = 'output_uri: gs://my-bucket/runs\nmetrics_file: metrics.json\ngate: a >= baseline\ncomment: "true"';
    const folder = repository(`${LEAST}\n${asking}`);
    const file = join(folder, WORKFLOW);
    const text = readFileSync(file, 'utf8').replace('    steps:', `    permissions:\n      ${permissions}\n    steps:`);
    writeFileSync(file, text);
    const { code, document } = await planJson(folder);
    expect([
      code,
      document.warnings.flatMap(({ rule, input }) => (rule === 'permission-github' ? [input] : [])),
    ]).toEqual([0, warned]);
  });

  test('inputs as texts: YAML without | is told at its line, and makes up nothing', async () => {
    const folder = repository(`${LEAST}\nmetrics:\n  score: maximize\nargs:\n  - --steps`);
    const { code, document } = await planJson(folder);
    expect(code).toBe(1);
    expect(document.errors).toEqual([
      expect.objectContaining({ rule: 'input-text', input: 'metrics', file: WORKFLOW, line: 11, column: 11 }),
      expect.objectContaining({ rule: 'input-text', input: 'args', file: WORKFLOW, line: 13, column: 11 }),
    ]);
  });
});

describe('names that are no inputs', () => {
  test('are told at their lines, with the nearest, beside all else that is wrong', async () => {
    const block = `project_id: my-project\nreigon: us-central1\nimage: ${IMAGE}\ngpu: l4\nwait: maybe`;
    const { code, document } = await planJson(repository(block), '--input', 'timout=2h');
    expect([code, document.plan]).toEqual([1, null]);
    expect(document.errors).toEqual([
      {
        rule: 'input-unknown',
        input: 'reigon',
        file: WORKFLOW,
        line: 9,
        column: 11,
        text: 'is no input of this action. The nearest is region. Mend the name.',
      },
      expect.objectContaining({ rule: 'input-unknown', input: 'gpu', line: 11, column: 11 }),
      {
        rule: 'input-unknown',
        input: 'timout',
        text: 'is no input of this action. The nearest is timeout. Mend the name.',
      },
      expect.objectContaining({ rule: 'boolean', input: 'wait' }),
    ]);
  });

  test('have no line where they come with the command', async () => {
    const { document } = await planJson(repository(`${LEAST}\nwait: false`), '--input', 'wait=maybe');
    expect(document.errors).toEqual([
      { rule: 'boolean', input: 'wait', text: '"maybe" is not accepted. Write true or false.' },
    ]);
  });

  test('are not told of those in capital letters, which are the same to a runner', async () => {
    const { code, document } = await planJson(repository(`${LEAST}\nMachine_Type: n1-standrad-4`));
    expect(document.errors.map(({ rule }) => rule)).toEqual(['machine-name']);
    expect(code).toBe(1);
  });
});

describe('a command that cannot be followed has status 2, and says why on stderr', () => {
  test.each<{ name: string; args: readonly string[]; why: string }>([
    {
      name: 'a file that is missing',
      args: ['nowhere.yml'],
      why: `/nowhere.yml. Name a workflow file, such as `,
    },
    { name: 'a file without such a step', args: ['train.py'], why: 'no step there uses this action' },
    {
      name: 'a step that there is not',
      args: [WORKFLOW, '--step', 'x'],
      why: 'no step there uses this action (--job train --step model)',
    },
    { name: 'a job that there is not', args: [WORKFLOW, '--job', 'x'], why: '(--job train --step model)' },
    { name: 'an unknown option', args: [WORKFLOW, '--jsn'], why: '--jsn' },
    {
      name: 'an input without a value',
      args: [WORKFLOW, '--input', 'region'],
      why: '--input region is not NAME=VALUE.',
    },
  ])('$name', async ({ args, why }) => {
    const { code, stdout, stderr } = await plan(repository(LEAST), ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(why);
  });

  test.each<{ name: string; args: readonly string[]; code: number }>([
    { name: 'nothing', args: [], code: 2 },
    { name: 'two files', args: [WORKFLOW, WORKFLOW], code: 2 },
    { name: '--help', args: ['--help'], code: 0 },
  ])('$name shows the usage', async ({ args, code }) => {
    const ran = await plan(repository(LEAST), ...args);
    expect([ran.code, ran.stdout.split('\n')[0]]).toEqual([
      code,
      'Usage: npm run plan -- WORKFLOW.yml [--job JOB] [--step STEP] [--input NAME=VALUE ...] [--json]',
    ]);
  });
});

test('one of several steps is chosen', async () => {
  const text = ['small', 'large']
    .map(
      (job) => `  ${job}: { steps: [{ uses: ./, with: { project_id: my-project, region: local, job_key: ${job} } }] }`,
    )
    .join('\n');
  const folder = repository(LEAST, { [WORKFLOW]: `jobs:\n${text}\n` });
  expect((await plan(folder, WORKFLOW)).stderr).toContain('2 steps use this action; choose one');
  expect((await plan(folder, WORKFLOW, '--job', 'large')).code).toBe(0);
  expect((await plan(folder, WORKFLOW, '--job', 'large', '--step', '1')).code).toBe(0);
});
