import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Message, type Told, toldBy } from './messages/read.ts';

/** What the messages of a room are about; the room's own folder or file below src/. The local region tells its own, in Vertex AI's words. */
const ROOMS: readonly (readonly [room: string, title: string])[] = [
  ['inputs', 'Inputs'],
  ['plan', 'The plan'],
  ['preflight', 'What is asked of Google before a build'],
  ['google', "Signing in, and Google's services"],
  ['image', 'The image'],
  ['engine', 'The Docker engine'],
  ['job', 'The job'],
  ['results', 'Results and the gate'],
  ['baseline', 'The baseline'],
  ['model', 'The model'],
  ['artifacts', 'Files that the job wrote'],
  ['github', 'GitHub'],
  ['report', 'Summary, comment and outputs'],
  ['run', 'The step'],
  ['runner', 'The runner'],
  ['sweep', 'The sweep'],
  ['desk', 'The plan at a desk'],
];

/** A code span that holds the text whatever backticks it has, in a table's cell (CommonMark 6.1, GFM 4.10). */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${text.replace(/\|/g, '\\|').replace(/\s+/g, ' ')}${pad}${fence}`;
}

/** Each text once, under the rule that names it where one does. */
function once(messages: readonly Message[]): Message[] {
  const byText = new Map<string, Message>();
  for (const message of messages) {
    if (byText.get(message.text)?.rule === undefined) byText.set(message.text, message);
  }
  return [...byText.values()];
}

const row = ({ text, rule }: Message) => `| ${code(text)} | ${rule === undefined ? '' : `\`${rule}\``} |`;

/** The room of a source below src/: its folder, or for a file at the top the step's own. */
function roomOf(path: string): string {
  const [first = '', second] = path.split('/');
  return second === undefined ? 'run' : first;
}

/** What each room's sources tell. */
function toldByRoom(root: string): ReadonlyMap<string, readonly Told[]> {
  const rooms = new Map<string, Told[]>(ROOMS.map(([room]) => [room, []]));
  const read = (room: string, path: string) => rooms.get(room)?.push(toldBy(readFileSync(join(root, path), 'utf8')));
  for (const path of globSync('src/**/*.ts', { cwd: root }).sort()) {
    // The ground floor's own texts are parts of others' sentences.
    if (!path.startsWith('src/local/')) read(roomOf(path.slice('src/'.length)), path);
  }
  for (const path of globSync('scripts/plan{.ts,/*.ts}', { cwd: root }).sort()) read('desk', path);
  return rooms;
}

const messagesIn = (told: readonly Told[] = []) => once(told.flatMap(({ messages }) => messages));

/** Every message of the sources. */
export const allMessages = (root: string): readonly Message[] => [...toldByRoom(root).values()].flatMap(messagesIn);

/** Every rule of the sources, with the titles of the rooms that tell it. */
function rulesTable(rooms: ReadonlyMap<string, readonly Told[]>): string {
  const titles = new Map<string, Set<string>>();
  for (const [room, title] of ROOMS) {
    for (const rule of (rooms.get(room) ?? []).flatMap(({ rules }) => rules)) {
      titles.set(rule, (titles.get(rule) ?? new Set()).add(title));
    }
  }
  const rows = [...titles].sort(([a], [b]) => (a < b ? -1 : 1));
  return rows.map(([rule, told]) => `| \`${rule}\` | ${[...told].join(', ')} |`).join('\n');
}

/** docs/messages.md. */
export function messagesPage(root: string): string {
  const rooms = toldByRoom(root);
  const sections = ROOMS.map(([room, title]) => {
    const rows = messagesIn(rooms.get(room)).map(row);
    return `## ${title}\n\n| Message | Rule |\n| --- | --- |\n${rows.join('\n')}\n`;
  });
  const rules = `## Rules\n\n| Rule | Told under |\n| --- | --- |\n${rulesTable(rooms)}\n`;
  return `# Every message\n\n${INTRODUCTION}\n\n${[...sections, rules].join('\n')}`;
}

const INTRODUCTION = `Each sentence that the step and the plan at a desk can say, as it stands in the sources; \`…\` is what only a run knows. A
message says what was found, what is accepted and what mends it, often in several of these sentences. Its rule stands behind it in
brackets, and is what the input \`ignore\` takes; all are listed at [the end](#rules). [Troubleshooting](troubleshooting.md) has more
on those that need it.

This page is made by \`npm run docs\`; a test holds it against the sources.`;
