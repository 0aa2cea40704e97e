import { globSync, readFileSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { must } from '../../scripts/machine/run.ts';
import { WRITER } from '../../src/image/registry/remedies.ts';
import { ACT_AS_NEED, jobNeed, LOGS_NEED, OBJECTS_NEED } from '../../src/preflight/needs.ts';
import { tempFolders } from '../ground/temp-folder.ts';
import { pageAt, root, rowsUnder } from './pages.ts';

const newFolder = tempFolders();
const page = pageAt('docs/setup.md');
const terraform = readFileSync(join(root, 'examples/setup/main.tf'), 'utf8');
const ALWAYS = 'Roles';
const SOMETIMES = 'Roles only where you use something';

const rolesIn = (text: string) => [...new Set(text.match(/\broles\/[\w.]+\w/g))].sort();
const firstCells = (heading: string) => rowsUnder(page, heading).map(([role = '']) => role.replaceAll('`', ''));

describe('the tables of roles', () => {
  const named = globSync('src/**/*.ts', { cwd: root }).flatMap((path) =>
    rolesIn(readFileSync(join(root, path), 'utf8')),
  );

  it('have every role that the code can ask for, and those of the Terraform module, and no others', () => {
    expect(named.length).toBeGreaterThan(10);
    const listed = [...firstCells(ALWAYS), ...firstCells(SOMETIMES)];
    expect([...new Set(listed)].sort()).toEqual([...new Set([...named, ...rolesIn(terraform)])].sort());
    expect(rolesIn(page.text).filter((role) => !listed.includes(role))).toEqual([]);
  });

  it('tell what is needed apart from what is needed sometimes, as the Terraform module has it', () => {
    const always = firstCells(ALWAYS);
    expect(always.sort()).toEqual(rolesIn(terraform));
    const needs = [jobNeed('customJobs', false), LOGS_NEED, OBJECTS_NEED, ACT_AS_NEED].map(({ role }) => role);
    expect(always).toEqual(expect.arrayContaining([...needs, WRITER]));
  });

  it('say to whom and why', () => {
    const rows = [...rowsUnder(page, ALWAYS), ...rowsUnder(page, SOMETIMES)];
    expect(rows.filter((row) => row.length !== 4 || row.some((cell) => cell.trim() === ''))).toEqual([]);
  });
});

/** Writes down what it is called with, as one line of words parted by a sign that none of them holds. */
const RECORDER = `#!/bin/sh
IFS='|'
printf '%s\\n' "$*" >> "$RECORD"
case "$*" in
  projects\\|describe*) echo 123456789 ;;
  api*) echo 1296269 ;;
esac
`;

describe('the commands', () => {
  let calls: readonly (readonly string[])[] = [];
  beforeAll(async () => {
    const folder = await newFolder();
    for (const name of ['gcloud', 'gh']) {
      await writeFile(join(folder, name), RECORDER);
      await chmod(join(folder, name), 0o755);
    }
    const [block] = page.blocks.filter(({ section, language }) => section === 'Commands' && language === 'sh');
    const record = join(folder, 'record');
    const env = { ...process.env, RECORD: record, PATH: [folder, process.env['PATH']].join(delimiter) };
    await must('bash', ['-euo', 'pipefail', '-c', block?.text ?? ''], { env });
    calls = (await readFile(record, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.split('|'));
  });

  const flagOf = (call: readonly string[], name: string) =>
    call.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
  const callTo = (...words: readonly string[]) =>
    calls.filter((call) => words.every((word, index) => call[index] === word));

  it('ask for the number of the repository', () => {
    expect(callTo('api')).toEqual([['api', 'repos/OWNER/REPOSITORY', '--jq', '.id']]);
  });

  it('enable what the Terraform module enables', () => {
    const [enabled = []] = callTo('services', 'enable');
    const apis = terraform.match(/"[a-z]+\.googleapis\.com"/g) ?? [];
    expect(apis.length).toBeGreaterThan(5);
    expect(enabled.filter((word) => word.endsWith('.googleapis.com')).sort()).toEqual(
      apis.map((word) => JSON.parse(word)).sort(),
    );
  });

  it('make the provider that the Terraform module makes, for one repository and one branch', () => {
    const [provider = []] = callTo('iam', 'workload-identity-pools', 'providers', 'create-oidc');
    expect(flagOf(provider, 'attribute-condition')).toBe(
      "assertion.repository_id == '1296269' && assertion.ref == 'refs/heads/main'",
    );
    const [, mapping = ''] = /attribute_mapping = \{\n([\s\S]*?)\n {2}\}/.exec(terraform) ?? [];
    const pairs = [...mapping.matchAll(/"([\w.]+)"\s*= "([\w.]+)"/g)].map(([, to, from]) => `${to}=${from}`);
    expect(pairs).toHaveLength(3);
    expect(flagOf(provider, 'attribute-mapping')?.split(',')).toEqual(pairs);
    expect(terraform).toContain(`"${flagOf(provider, 'issuer-uri')}"`);
  });

  it('make a bucket that takes federated identities and is not public', () => {
    const [bucket = []] = callTo('storage', 'buckets', 'create');
    expect(bucket).toEqual(expect.arrayContaining(['--uniform-bucket-level-access', '--public-access-prevention']));
    expect(terraform).toMatch(/uniform_bucket_level_access = true\n\s*public_access_prevention {4}= "enforced"/);
  });

  it('grant what the Terraform module grants, on the same things to the same members', () => {
    const members: Readonly<Record<string, string>> = {
      'google_service_account.trainer.member': 'serviceAccount:trainer@my-project.iam.gserviceaccount.com',
      'google_service_account.job.member': 'serviceAccount:training-job@my-project.iam.gserviceaccount.com',
    };
    const WORKFLOWS =
      'principalSet://iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/github/attribute.repository_id/1296269';
    const groups: Readonly<Record<string, string>> = {
      google_service_account: 'iam service-accounts',
      google_project: 'projects',
      google_artifact_registry_repository: 'artifacts repositories',
      google_storage_bucket: 'storage buckets',
    };
    const things: Readonly<Record<string, string>> = {
      'google_service_account.trainer.name': 'trainer@my-project.iam.gserviceaccount.com',
      'google_service_account.job.name': 'training-job@my-project.iam.gserviceaccount.com',
      'google_artifact_registry_repository.images.name': 'training',
      'google_storage_bucket.output.name': 'gs://my-project-training',
      'var.project_id': 'my-project',
    };
    const wanted = [...terraform.matchAll(/^resource "(\w+)_iam_member" "\w+" \{\n([\s\S]*?)^\}/gm)].flatMap(
      ([, type = '', body = '']) => {
        const member = /member\s*= (.*)/.exec(body)?.[1] ?? '';
        const on = /^ {2}(?:repository|bucket|service_account_id)\s*= (.*)/m.exec(body)?.[1] ?? 'var.project_id';
        return rolesIn(body).map((role) => [groups[type], things[on], role, members[member] ?? WORKFLOWS].join(' '));
      },
    );
    const granted = calls
      .filter((call) => call.includes('add-iam-policy-binding'))
      .map((call) => {
        const at = call.indexOf('add-iam-policy-binding');
        return [...call.slice(0, at), call[at + 1], flagOf(call, 'role'), flagOf(call, 'member')].join(' ');
      });
    expect(wanted.length).toBeGreaterThan(8);
    expect(granted.sort()).toEqual(wanted.sort());
  });

  it('make every account and repository that they grant something on or to', () => {
    const made = callTo('iam', 'service-accounts', 'create').map((call) => call[3]);
    const meant = calls.flatMap((call) => call.join(' ').match(/[\w-]+(?=@my-project\.iam)/g) ?? []);
    expect([...new Set(meant)].sort()).toEqual(made.sort());
    expect(callTo('artifacts', 'repositories', 'create', 'training')).toHaveLength(1);
  });

  it('end with the name that the workflow takes', () => {
    expect(calls.at(-1)?.slice(0, 5)).toEqual(['iam', 'workload-identity-pools', 'providers', 'describe', 'repo']);
    const [made = []] = callTo('iam', 'workload-identity-pools', 'providers', 'create-oidc');
    const name = `projects/123456789/locations/global/workloadIdentityPools/${flagOf(made, 'workload-identity-pool')}/providers/${made[4]}`;
    const [workflow] = page.blocks.filter(({ section, language }) => section === 'The workflow' && language === 'yaml');
    expect(workflow?.text).toContain(`workload_identity_provider: ${name}\n`);
  });
});

it('lists its own sections', () => {
  const listed = [...page.text.matchAll(/^- \[(.*)\]\(#(.*)\)$/gm)].map(([, heading, anchor]) => [heading, anchor]);
  const sections = page.headings.filter(({ depth }) => depth === 2).map(({ text, anchor }) => [text, anchor]);
  expect(listed).toEqual(sections);
});
