import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { findLinters, root } from './linters.ts';

const linters = await findLinters();
const isThere = typeof linters !== 'string';
const suite = isThere ? describe : describe.skip;
if (!isThere) process.stderr.write(`SKIPPED: actionlint and zizmor (${linters})\n`);

const files = (...patterns: string[]) => patterns.flatMap((pattern) => globSync(pattern, { cwd: root })).sort();
const workflows = files('.github/workflows/*.yml', 'examples/**/.github/workflows/*.yml');

suite('the workflows, of this repository and of the examples', () => {
  it('are found', () => {
    expect(workflows.length).toBeGreaterThan(6);
  });

  it('are right to actionlint', async () => {
    if (!isThere) return;
    const { code, stdout, stderr } = await linters.actionlint(...workflows);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('give zizmor nothing to find, with the actions and what Dependabot does', async () => {
    if (!isThere) return;
    const all = [...workflows, '.github/dependabot.yml', 'action.yml', 'sweep/action.yml'];
    const { code, stdout } = await linters.zizmor(...all);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('No findings to report.') });
  });
});

suite('the linters', () => {
  let folder = '';
  const bad = () => join(folder, 'bad.yml');
  beforeAll(async () => {
    folder = await mkdtemp(join(root, 'build/linters-'));
    const title = `$\{{ github.event.issue.title }}`;
    const step = `steps: [{ uses: actions/checkout@v4 }, { run: "echo ${title}" }]`;
    await writeFile(bad(), `on: push\njobs: { one: { needs: none, runs-on: ubuntu-latest, ${step} } }\n`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('find what is wrong', async () => {
    if (!isThere) return;
    expect(await linters.actionlint(bad())).toMatchObject({ code: 1, stdout: expect.stringContaining('needs') });
    const { code, stdout } = await linters.zizmor(bad());
    expect(code).toBeGreaterThan(10);
    expect(stdout).toContain('unpinned-uses');
    expect(stdout).toContain('template-injection');
  });
});

describe('the gate', () => {
  it('waits for every other job, so that one rule on the branch asks for all', () => {
    const { jobs } = parse(readFileSync(join(root, '.github/workflows/check.yml'), 'utf8')) as {
      readonly jobs: Readonly<Record<string, { readonly needs?: readonly string[]; readonly if?: string }>>;
    };
    const { gate, ...others } = jobs;
    expect(gate).toMatchObject({ if: 'always()', needs: Object.keys(others) });
  });
});
