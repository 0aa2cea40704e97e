import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../scripts/machine/places.ts';
import { type Ran, run } from '../../scripts/machine/run.ts';
import { messageOf } from '../../src/faults.ts';
import { readInstructions } from '../../src/plan/code/dockerfile/instructions.ts';
import { kindOf as diagramKind } from '../report/mermaid.ts';
import { errorsOfYaml } from './judge-yaml.ts';
import type { Block } from './pages.ts';

type Judge = (text: string) => readonly string[] | Promise<readonly string[]>;

/** docs.docker.com/reference/dockerfile, 'Overview'. */
const INSTRUCTIONS = new Set([
  ...['ADD', 'ARG', 'CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'FROM', 'HEALTHCHECK', 'LABEL', 'MAINTAINER'],
  ...['ONBUILD', 'RUN', 'SHELL', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR'],
]);
const terraform = await findProgram('terraform');

/** What a program says against a text, where it does. */
const told = ({ code, stdout, stderr }: Ran) => (code === 0 ? [] : [`${stdout}${stderr}`.trim()]);

function errorsOfJson(text: string): string[] {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    return [messageOf(error)];
  }
}

/** One document, or one a line. */
function errorsOfJsonLines(text: string): string[] {
  const lines = text.trim().split('\n');
  const ofLines = lines.flatMap(errorsOfJson);
  return ofLines.length === 0 ? [] : errorsOfJson(text);
}

function errorsOfDockerfile(text: string): string[] {
  const instructions = readInstructions(text) ?? [];
  if (instructions.length === 0) return ['has no instruction'];
  return instructions.flatMap(({ keyword, text: given, line }) => [
    ...(INSTRUCTIONS.has(keyword) ? [] : [`line ${line}: ${keyword} is no instruction`]),
    ...(given === '' ? [`line ${line}: ${keyword} is given nothing`] : []),
  ]);
}

/** The parser is asked, nothing is run. */
async function errorsOfJs(text: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'docs-js-'));
  try {
    await writeFile(join(folder, 'block.mjs'), text);
    return told(await run(process.execPath, ['--check', join(folder, 'block.mjs')]));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function errorsOfPython(text: string): Promise<string[]> {
  const python = await findProgram('python3');
  if (python === undefined) return [];
  return told(await run(python, ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], { input: text }));
}

async function errorsOfTerraform(text: string): Promise<string[]> {
  if (terraform === undefined) return [];
  const env = { ...process.env, TF_CLI_CONFIG_FILE: '/dev/null' };
  return told(await run(terraform, ['fmt', '-check', '-diff', '-'], { input: text, env }));
}

/** What a fence may name, and how its text is judged. */
const JUDGES: Readonly<Record<string, Judge>> = {
  yaml: errorsOfYaml,
  sh: async (text) => told(await run('bash', ['-n'], { input: text })),
  dockerfile: errorsOfDockerfile,
  json: errorsOfJsonLines,
  js: errorsOfJs,
  python: errorsOfPython,
  hcl: errorsOfTerraform,
  mermaid: (text) =>
    diagramKind(text).then(
      () => [],
      (error: unknown) => [messageOf(error)],
    ),
  text: () => [],
};

/** Everything that is wrong with a block, but for what the linters of workflows say. */
export async function errorsOfBlock({ language, text }: Block): Promise<readonly string[]> {
  const judge = JUDGES[language];
  if (judge !== undefined) return judge(text);
  return [`has the language '${language}'; known are ${Object.keys(JUDGES).join(', ')}`];
}
