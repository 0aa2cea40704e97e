import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import { parse } from 'yaml';
import { run } from '../../scripts/machine/run.ts';
import type { PlanDocument } from '../../src/plan/document.ts';
import { pageAt, root, rowsUnder } from '../docs/pages.ts';

const folder = join(root, 'examples');
const isFolder = (entry: { isDirectory(): boolean }) => entry.isDirectory();
const names = readdirSync(folder, { withFileTypes: true })
  .filter(isFolder)
  .map(({ name }) => name);
const trained = names.filter((name) => name !== 'setup');

/** The plan of an example, as `npm run plan` prints it for programs. */
async function planOf(name: string): Promise<PlanDocument & { readonly code: number }> {
  const script = join(root, 'scripts/plan.ts');
  const args = ['--disable-warning=ExperimentalWarning', script, '.github/workflows/train.yml', '--json'];
  const env = { ...process.env, INIT_CWD: join(folder, name) };
  const { code, stdout } = await run(process.execPath, args, { env });
  return { code, ...(JSON.parse(stdout) as PlanDocument) };
}

describe.each(trained)('examples/%s', (name) => {
  it('is planned, in its cloud region, with nothing to find fault with', async () => {
    const { code, errors, warnings, notes } = await planOf(name);
    expect([code, errors, warnings, notes]).toEqual([0, [], [], []]);
  });

  it('is one job of a repository of its own, which may sign in and read, no more', () => {
    const workflow = parse(readFileSync(join(folder, name, '.github/workflows/train.yml'), 'utf8')) as {
      readonly permissions: object;
      readonly jobs: Readonly<Record<string, { readonly permissions: object }>>;
    };
    expect(workflow.permissions).toEqual({});
    expect(Object.values(workflow.jobs).map(({ permissions }) => permissions)).toEqual([
      { contents: 'read', 'id-token': 'write' },
    ]);
  });
});

/** The size of an example's job, as its workflow asks for it. */
function sizeOf(name: string): string {
  if (name === 'setup') return 'none';
  const text = readFileSync(join(folder, name, '.github/workflows/train.yml'), 'utf8');
  const trials = /max_trials: (\d+)/.exec(text)?.[1];
  const replicas = Number(/replica_count: (\d+)/.exec(text)?.[1]);
  return trials === undefined ? `1 chief, ${replicas - 1} workers` : `${trials} trials`;
}

test('the README of the examples names them all, with the sizes of their jobs', () => {
  const rows = rowsUnder(pageAt('examples/README.md'), 'Examples');
  const told = rows.map(([first = '', , size]) => [/^\[(\w+)\]/.exec(first)?.[1], size]);
  expect(told.sort()).toEqual(names.map((name) => [name, sizeOf(name)]).sort());
});
