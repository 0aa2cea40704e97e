import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { findProgram } from '../../scripts/machine/places.ts';
import { run } from '../../scripts/machine/run.ts';
import { INPUT_NAMES } from '../../src/inputs/raw.ts';

const folder = join(import.meta.dirname, '../../examples/setup');
const files = readdirSync(folder).filter((name) => name.endsWith('.tf'));
const text = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');
const terraform = await findProgram('terraform');
const ifTerraform = terraform === undefined ? it.skip : it;
if (terraform === undefined) process.stderr.write("SKIPPED: Terraform's syntax (no terraform on this machine)\n");

const namesOf = (kind: string) => [...text.matchAll(new RegExp(`^${kind} "(\\w+)"`, 'gm'))].map(([, name]) => name);

describe('the Terraform module', () => {
  // Whether the provider takes it, only a machine can say that reaches Terraform's registry.
  ifTerraform('is right in syntax and form', async () => {
    const env = { ...process.env, TF_CLI_CONFIG_FILE: '/dev/null' };
    const { code, stdout, stderr } = await run(terraform ?? '', ['fmt', '-check', '-diff', folder], { env });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('trusts a repository by its number', () => {
    expect(text).toMatch(/"assertion\.repository_id == '\$\{var\.github_repository_id\}'"/);
    expect(text).toMatch(/principalSet:.*attribute\.repository_id/);
  });

  it('uses every variable, and refers to nothing that is not there', () => {
    const used = new Set([...text.matchAll(/\bvar\.(\w+)/g)].map(([, name]) => name));
    expect([...used].sort()).toEqual(namesOf('variable').sort());
    const resources = [...text.matchAll(/^resource "(\w+)" "(\w+)"/gm)].map(([, type, name]) => `${type}.${name}`);
    const meant = [...text.matchAll(/\b(google_\w+\.\w+)(?=[\].])/g)].map(([, name]) => name);
    expect(meant.length).toBeGreaterThan(10);
    expect(meant.filter((name) => !resources.includes(name ?? ''))).toEqual([]);
  });

  it('gives what the step takes, and its README shows that', () => {
    const [, given = ''] = /value = \{\n([\s\S]*?)\n {2}\}/.exec(text) ?? [];
    const names = [...given.matchAll(/^ +(\w+) +=/gm)].map(([, name]) => name);
    const [, block = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
    expect(names.filter((name) => !(INPUT_NAMES as readonly string[]).includes(name ?? ''))).toEqual([]);
    expect(Object.keys((parse(block) as { readonly with: object }).with)).toEqual(names);
  });

  it('is called in its README with variables that it has', () => {
    const passed = [...readme.matchAll(/-var (\w+)=/g)].map(([, name]) => name);
    expect(passed.filter((name) => !namesOf('variable').includes(name))).toEqual([]);
    const needed = [...text.matchAll(/^variable "(\w+)" \{\n([\s\S]*?)^\}/gm)].filter(
      ([, , body]) => !body?.includes('default'),
    );
    expect(passed).toEqual(expect.arrayContaining(needed.map(([, name]) => name)));
  });
});
