import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

/** Writes README.md's tables from action.yml and its Dockerfile from the example; --check only compares. */

interface Entry {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string;
}
type Entries = Readonly<Record<string, Entry>>;

const root = resolve(import.meta.dirname, '..');
const readme = join(root, 'README.md');
const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as {
  readonly inputs: Entries;
  readonly outputs: Entries;
};

const cell = (text: string) => text.replace(/\|/g, '\\|').replace(/\s+/g, ' ').trim();

function inputTable(entries: Entries): string {
  const rows = Object.entries(entries).map(([name, { description, required, default: preset }]) => {
    const given = required ? '**required**' : preset === undefined ? '' : `\`${preset}\``;
    return `| \`${name}\` | ${cell(description)} | ${given} |`;
  });
  return ['| Input | Meaning | Default |', '| --- | --- | --- |', ...rows].join('\n');
}

function outputTable(entries: Entries): string {
  const rows = Object.entries(entries).map(([name, { description }]) => `| \`${name}\` | ${cell(description)} |`);
  return ['| Output | Meaning |', '| --- | --- |', ...rows].join('\n');
}

function replaced(text: string, name: string, table: string): string {
  const [start, end] = [`<!-- ${name}: made from action.yml by npm run docs -->`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`README.md lacks the marks of the ${name} table`);
  return `${text.slice(0, from)}${start}\n\n${table}\n\n${text.slice(to)}`;
}

/** The block below a mark that names a Dockerfile holds that file. */
function withDockerfile(text: string): string {
  return text.replace(
    /(<!-- dockerfile: (\S+) -->\n```dockerfile\n)[\s\S]*?(```\n)/,
    (_, start: string, path: string, end: string) => {
      return `${start}${readFileSync(join(root, path), 'utf8').trimEnd()}\n${end}`;
    },
  );
}

const before = readFileSync(readme, 'utf8');
const tables = replaced(replaced(before, 'inputs', inputTable(action.inputs)), 'outputs', outputTable(action.outputs));
const after = withDockerfile(tables);
if (process.argv.includes('--check')) {
  if (after !== before) process.stderr.write('The tables of README.md differ from action.yml: run npm run docs.\n');
  process.exitCode = after === before ? 0 : 1;
} else {
  writeFileSync(readme, after);
}
