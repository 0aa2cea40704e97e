import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { messagesPage } from './messages.ts';
import { schemaFiles } from './schemas.ts';

/**
 * Writes the tables of README.md and docs/job.md from the actions' files, the Dockerfile of docs/image.md from the example,
 * docs/messages.md from the sources, and the schemas for editors from what the parsers go by; --check only compares.
 */

interface Entry {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string;
}
type Entries = Readonly<Record<string, Entry>>;

const root = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** A page with the tables of an action, and what stands before the names of its marks. */
interface Tables {
  readonly page: string;
  readonly action: string;
  readonly prefix: string;
}
const TABLES: readonly Tables[] = [
  { page: 'README.md', action: 'action.yml', prefix: '' },
  { page: 'docs/job.md', action: 'sweep/action.yml', prefix: 'sweep ' },
];

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

function replaced(text: string, name: string, path: string, table: string): string {
  const [start, end] = [`<!-- ${name}: made from ${path} by npm run docs -->`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`the page lacks the marks of the ${name} table`);
  return `${text.slice(0, from)}${start}\n\n${table}\n\n${text.slice(to)}`;
}

function withTables({ page, action, prefix }: Tables): readonly [string, string] {
  const { inputs, outputs } = parse(read(action)) as Readonly<Record<'inputs' | 'outputs', Entries>>;
  const withInputs = replaced(read(page), `${prefix}inputs`, action, inputTable(inputs));
  return [page, replaced(withInputs, `${prefix}outputs`, action, outputTable(outputs))];
}

/** The block below a mark that names a Dockerfile holds that file. */
function withDockerfile(text: string): string {
  return text.replace(
    /(<!-- dockerfile: (\S+) -->\n```dockerfile\n)[\s\S]*?(```\n)/,
    (_, start: string, path: string, end: string) => {
      return `${start}${read(path).trimEnd()}\n${end}`;
    },
  );
}

const made = new Map([
  ...TABLES.map(withTables),
  ['docs/image.md', withDockerfile(read('docs/image.md'))],
  ['docs/messages.md', messagesPage(root)],
  ...schemaFiles(),
]);

function differs([path, text]: readonly [string, string]): boolean {
  const file = join(root, path);
  return !existsSync(file) || readFileSync(file, 'utf8') !== text;
}

const stale = [...made].filter(differs);
if (process.argv.includes('--check')) {
  for (const [path] of stale) process.stderr.write(`${path} is not what npm run docs makes: run it.\n`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [path, text] of stale) writeFileSync(join(root, path), text);
}
