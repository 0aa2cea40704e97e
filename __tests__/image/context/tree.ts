import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuildContext, openContext } from '../../../src/image/context/context.ts';

/** What a folder holds, by path: a file's content, or a mode or link besides; a path that ends with `/` is a folder. */
export type Tree = Readonly<
  Record<string, string | { readonly content?: string; readonly mode?: number; readonly link?: string }>
>;

export function makeTree(root: string, tree: Tree): string {
  for (const [path, what] of Object.entries(tree)) {
    const { content = '', mode, link } = typeof what === 'string' ? { content: what } : what;
    const full = join(root, path);
    mkdirSync(path.endsWith('/') ? full : dirname(full), { recursive: true });
    if (link !== undefined) symlinkSync(link, full);
    else if (!path.endsWith('/')) writeFileSync(full, content);
    if (mode !== undefined) chmodSync(full, mode);
  }
  return root;
}

/** Every path below a folder, sorted; links are not followed. */
export function listTree(root: string): readonly string[] {
  const below = (folder: string): readonly string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? [path, ...below(path)] : [path];
    });
  return below('').toSorted();
}

export const COPY_ALL = 'FROM scratch\nCOPY . /\n';

type Options = Parameters<typeof openContext>[0] & {
  /** Whether `folder` is to be a copy in any case. */
  readonly staged: boolean;
};

/** Opens the whole workspace as the context. */
export async function open(
  workspace: string,
  tempFolder: string,
  { staged = false, ...more }: Partial<Options> = {},
): Promise<BuildContext> {
  const context = await openContext({
    workspace,
    context: '.',
    dockerfile: { path: 'Dockerfile', text: COPY_ALL },
    neverSent: [],
    tempFolder,
    signal: new AbortController().signal,
    ...more,
  });
  return staged ? { ...context, folder: await context.stage() } : context;
}

/** Opens as a user whom modes bind; `then` is run as that user as well. */
export async function asNobody(
  workspace: string,
  temp: string,
  more: Partial<Options> = {},
  then = async (_: BuildContext): Promise<void> => {},
): Promise<BuildContext> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) {
    execFileSync('chown', ['-R', '65534', temp, workspace]);
    process.seteuid?.(65534);
  }
  try {
    const context = await open(workspace, temp, more);
    await then(context);
    return context;
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
