/** A path below a folder of the workspace, whose root is ''; one that leads out of it keeps its `..`, and is nowhere. */
export function under(folder: string, path: string): string {
  const out: string[] = [];
  for (const part of `${folder}/${path}`.split('/')) {
    if (part === '..' && out.length > 0 && out.at(-1) !== '..') out.pop();
    else if (part !== '' && part !== '.') out.push(part);
  }
  return out.join('/');
}

/** The folder of a file in the workspace; '' for its root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
