import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findProgram, isThere } from '../../scripts/machine/places.ts';
import { must } from '../../scripts/machine/run.ts';
import type { Page } from './pages.ts';

/** A command or group of gcloud's with the flags that it has itself. */
export interface GcloudNode {
  readonly commands: Readonly<Record<string, GcloudNode>>;
  readonly flags: Readonly<Record<string, unknown>>;
}

const READ = 'import json, runpy, sys; print(json.dumps(runpy.run_path(sys.argv[1])["STATIC_COMPLETION_CLI_TREE"]))';

/** Every command and flag that this machine's gcloud completes; undefined where there is no gcloud, or none with its table. */
export async function gcloudTable(): Promise<GcloudNode | undefined> {
  const program = await findProgram('gcloud');
  const python = await findProgram('python3');
  if (program === undefined || python === undefined) return undefined;
  const table = join(dirname(await realpath(program)), '../data/cli/gcloud_completions.py');
  if (!(await isThere(table))) return undefined;
  return JSON.parse(await must(python, ['-c', READ, table])) as GcloudNode;
}

/** What is wrong with the words behind `gcloud`; `partial` lets them name a group alone, as prose does. */
export function faultsOfGcloud(
  table: GcloudNode,
  words: readonly string[],
  { partial = false }: { readonly partial?: boolean } = {},
): readonly string[] {
  let node = table;
  let depth = 0;
  for (const word of words) {
    const next = Object.hasOwn(node.commands, word) ? node.commands[word] : undefined;
    if (next === undefined) break;
    node = next;
    depth += 1;
  }
  const rest = words.slice(depth);
  const isGroup = Object.keys(node.commands).length > 0;
  const name = words.slice(0, depth).join(' ');
  if (isGroup && !(partial && rest.length === 0)) return [`gcloud ${name} has no command ${rest[0] ?? '(none given)'}`];
  const flags = rest.flatMap((word) => /^--?[a-z][a-z-]*/.exec(word)?.[0] ?? []);
  return flags.filter((flag) => !hasFlag(table, node, flag)).map((flag) => `gcloud ${name} has no flag ${flag}`);
}

/** A switch has a form that turns it off. */
function hasFlag(table: GcloudNode, node: GcloudNode, flag: string): boolean {
  return [flag, flag.replace(/^--no-/, '--')].some((each) => each in node.flags || each in table.flags);
}

/** A command of gcloud's that a page shows. */
export interface ShownCommand {
  readonly place: string;
  readonly words: readonly string[];
  /** Whether it stands in a sentence, which may name a command without all that belongs to it. */
  readonly partial: boolean;
}

const WORD = /(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\|;&()<>`])+/g;

/** The words of the command that a text begins with, up to what ends it for a shell; a quoted text is one word or a part of one. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  let at = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (!/^[ \t]*$/.test(text.slice(at, index))) break;
    words.push(word);
    at = index + word.length;
  }
  return words;
}

/** The commands in a text of a shell. */
export function commandsIn(shell: string): readonly (readonly string[])[] {
  const text = shell.replaceAll(/\\\n/g, ' ').replaceAll(/(?<=^|\s)#.*$/gm, '');
  return [...text.matchAll(/(?<=^|[\s(`;|&])gcloud(?=\s+[a-z-])/gm)].map(({ index }) =>
    wordsOf(text.slice(index)).slice(1),
  );
}

/** Every command of gcloud's on a page: in its blocks for a shell, and as code in its sentences. */
export function gcloudCommands({ path, text, blocks }: Page): readonly ShownCommand[] {
  const shown = blocks
    .filter(({ language }) => language === 'sh')
    .flatMap((block) =>
      commandsIn(block.text).map((words) => ({ place: `${path}:${block.line}`, words, partial: false })),
    );
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, (block) => block.replaceAll(/[^\n]/g, ''));
  const named = [...prose.matchAll(/`(gcloud [a-z][^`]*)`/g)].flatMap(({ 1: code = '', index }) => {
    const place = `${path}:${prose.slice(0, index).split('\n').length}`;
    return commandsIn(code).map((words) => ({ place, words, partial: true }));
  });
  return [...shown, ...named];
}
