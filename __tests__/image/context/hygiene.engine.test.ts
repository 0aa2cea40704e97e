import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { credentialFiles } from '../../../src/image/context/context.ts';
import { tempFolders } from '../../ground/temp-folder.ts';
import { findBuilders } from './builder.ts';
import type { TarEntry } from './tar.ts';
import { COPY_ALL, listTree, makeTree, open } from './tree.ts';

const found = await findBuilders();
const builders = typeof found === 'string' ? [] : [found.buildx, ...(found.old === undefined ? [] : [found.old])];
const suite = typeof found === 'string' ? describe.skip : describe;
if (typeof found === 'string') process.stderr.write(`SKIPPED: secrets and built images (${found})\n`);

const newFolder = tempFolders();
afterAll(async () => {
  if (typeof found !== 'string') await found.stop();
});

const SECRET = 'S3CRET-6f1d';

/** A workspace with secrets at every place that is known, and the environment that names some of them. */
function workspaceWith(ignore: string) {
  const workspace = makeTree(newFolder(), {
    'docker/Dockerfile': COPY_ALL,
    'docker/Dockerfile.dockerignore': ignore,
    'train.py': 'print(1)\n',
    'data/ok.json': '{}',
  });
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', workspace, '-c', 'user.name=n', '-c', 'user.email=e', ...args], { stdio: 'ignore' });
  git('init');
  git('add', '.');
  git('commit', '-m', 'first');
  git('config', 'http.https://github.com/.extraheader', `AUTHORIZATION: basic ${SECRET}`);
  git('remote', 'add', 'origin', `https://x-access-token:${SECRET}@github.com/o/r`);
  git('config', 'includeIf.gitdir:/w/.git.path', `/tmp/${SECRET}.config`);
  makeTree(workspace, {
    'gha-creds-0123456789abcdef.json': SECRET,
    'data/gha-creds-1.json': SECRET,
    'a\nb/gha-creds-2.json': SECRET,
    'a\nb/c\nd/gha-creds-(3)+[x].json': SECRET,
    'keys/key (1)+$.json': SECRET,
    'keys/ trailing ': SECRET,
    'keys/\n!new\r\tline': SECRET,
    '.docker/config.json': SECRET,
    '.docker/a/public': SECRET,
    'temp/_runner_file_commands/set_env': SECRET,
    'temp/other': SECRET,
    'vendor/lib/.git/config': `[http]\n\textraheader = ${SECRET}\n`,
    'vendor/lib/.git/HEAD': 'ref: refs/heads/main\n',
    '.git/modules/vendor/lib/config': `[remote "origin"]\n\turl = https://${SECRET}@github.com/o/lib\n`,
    '.git/git-credentials': `https://x:${SECRET}@github.com`,
  });
  linkSync(join(workspace, 'keys/key (1)+$.json'), join(workspace, 'data/twin.json'));
  const env = {
    GOOGLE_APPLICATION_CREDENTIALS: join(workspace, 'keys/key (1)+$.json'),
    DOCKER_CONFIG: join(workspace, '.docker'),
  };
  const named = [join(workspace, 'keys/ trailing '), join(workspace, 'keys/\n!new\r\tline')];
  return { workspace, never: [...credentialFiles(env), ...named] };
}

const openDocker = (workspace: string, neverSent: readonly string[], staged = false) =>
  open(workspace, join(workspace, 'temp'), {
    dockerfile: { path: 'docker/Dockerfile', text: COPY_ALL },
    neverSent,
    staged,
  });

const IGNORES = [
  '',
  '!gha-creds-*.json\n!**/gha-creds-*.json\n!**\n!keys/**\n!.docker/a/public\n!temp/**\n!.git/config.lock\n',
  '*\n!train.py\n!docker\n!data/**\n!gha-creds-*.json\n!.docker/a/public\n!keys/*\n!a*/**\n',
];
const WITH_GIT = ['!.git\n', '!**/.git\n!gha-creds-*.json\n', '*\n!train.py\n!docker\n!.git/**\n'];

suite.each(builders)('an image that $name builds from COPY . /', (builder) => {
  test.each(IGNORES)('holds no secret, and no file but those that were hashed: %j', async (ignore) => {
    const { workspace, never } = workspaceWith(ignore);
    const context = await openDocker(workspace, never);
    const copy = await openDocker(workspace, never, true);
    expect([context.folder, copy.digest]).toEqual([workspace, context.digest]);
    const [built, builtOfCopy] = [
      await builder.build(context.folder, context.dockerfile),
      await builder.build(copy.folder, copy.dockerfile),
    ];
    expect(built.filter(({ content }) => content.includes(SECRET)).map(({ raw }) => raw)).toEqual([]);
    expect(built.map(({ raw }) => raw)).toEqual(expect.arrayContaining(['train.py', 'docker/Dockerfile']));
    // Older clients send empty folders besides, where an exception might have taken something in them.
    const noFolders = (each: TarEntry) => builder.name === 'buildx' || each.type !== '5';
    const expected = builtOfCopy.filter(noFolders).map(({ raw, mode }) => ({ raw, mode }));
    expect(built.filter(noFolders).map(({ raw, mode }) => ({ raw, mode }))).toEqual(expected);
    expect(builtOfCopy.map(({ raw }) => raw).toSorted()).toEqual([...listTree(copy.folder)]);
    await Promise.all([context.remove(), copy.remove()]);
  });

  test.each(WITH_GIT)('holds a repository without its secrets: %j', async (ignore) => {
    const { workspace, never } = workspaceWith(ignore);
    const context = await openDocker(workspace, never);
    const entries = await builder.build(context.folder, context.dockerfile);
    expect(entries.map(({ raw }) => raw).toSorted()).toEqual([...listTree(context.folder)]);
    await context.remove();
    expect(entries.filter(({ content }) => content.includes(SECRET)).map(({ raw }) => raw)).toEqual([]);
    expect(entries.map(({ raw }) => raw)).toEqual(expect.arrayContaining(['.git/HEAD', '.git/config', 'train.py']));
  });
});

suite('a folder that git sees as a repository', () => {
  let image = '';

  beforeAll(async () => {
    if (typeof found === 'string') return;
    const { workspace, never } = workspaceWith('!.git\n');
    const context = await openDocker(workspace, never);
    image = newFolder();
    for (const { raw, type, content } of await found.buildx.build(context.folder, context.dockerfile)) {
      const path = Buffer.from(`${image}/${raw}`, 'latin1');
      if (type === '5') mkdirSync(path, { recursive: true });
      else writeFileSync(path, content);
    }
    await context.remove();
  });

  test('is what the image holds', () => {
    const git = (...args: string[]) => execFileSync('git', ['-C', image, ...args], { encoding: 'utf8' });
    expect(git('log', '--format=%s')).toBe('first\n');
    expect(git('config', '--local', '--list')).not.toContain(SECRET);
    expect(git('remote', 'get-url', 'origin')).toBe('https://github.com/o/r\n');
  });
});
