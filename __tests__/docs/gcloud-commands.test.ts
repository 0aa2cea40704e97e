import { describe, expect, it, test } from '@jest/globals';
import { commandsIn, faultsOfGcloud, gcloudCommands, gcloudTable } from './gcloud-table.ts';
import { pages } from './pages.ts';

const table = await gcloudTable();
const withTable = table === undefined ? it.skip : it;
if (table === undefined)
  process.stderr.write('SKIPPED: that gcloud has the commands of the pages (no gcloud with its table here)\n');
const commands = [...pages.values()].flatMap(gcloudCommands);

describe('the commands of gcloud on every page', () => {
  it('are found, in blocks and in sentences', () => {
    expect(commands.filter(({ partial }) => !partial).length).toBeGreaterThan(15);
    expect(commands.filter(({ partial }) => partial).length).toBeGreaterThan(0);
  });

  withTable('are commands that it has, with flags that they have', () => {
    const faults = commands.flatMap(({ place, words, partial }) =>
      faultsOfGcloud(table ?? { commands: {}, flags: {} }, words, { partial }).map((fault) => `${place}: ${fault}`),
    );
    expect(faults).toEqual([]);
  });
});

describe('what gcloud does not have is found', () => {
  const small = {
    flags: { '--project': 'value' },
    commands: { ai: { flags: {}, commands: { create: { flags: { '--quick': 'bool' }, commands: {} } } } },
  };

  test.each<[string, readonly string[]]>([
    ['ai create NAME --project=p --no-quick', []],
    ['ai', ['gcloud ai has no command (none given)']],
    ['ai make', ['gcloud ai has no command make']],
    ['ai create --slow=1', ['gcloud ai create has no flag --slow']],
    ["ai create 'a --slow' --project", []],
  ])('gcloud %s', (line, faults) => {
    expect(commandsIn(`gcloud ${line}`).flatMap((words) => faultsOfGcloud(small, words))).toEqual(faults);
  });

  it('a sentence may name a group', () => {
    expect(faultsOfGcloud(small, ['ai'], { partial: true })).toEqual([]);
    expect(faultsOfGcloud(small, ['iam'], { partial: true })).toHaveLength(1);
  });

  test.each<[string, string, readonly (readonly string[])[]]>([
    ['over several lines', 'gcloud ai \\\n  create\n', [['ai', 'create']]],
    ['within another', 'X=$(gcloud ai list --format=json) # gcloud no', [['ai', 'list', '--format=json']]],
    [
      'one behind another',
      'gcloud ai list | head; gcloud ai get x',
      [
        ['ai', 'list'],
        ['ai', 'get', 'x'],
      ],
    ],
    ['not in a comment', '# gcloud ai list\n', []],
  ])('a command: %s', (_, shell, words) => {
    expect(commandsIn(shell)).toEqual(words);
  });
});
