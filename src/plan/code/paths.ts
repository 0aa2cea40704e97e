/** Paths with `/`, of the repository (relative) and of the image (absolute). */

/** Without `.`, `..` and doubled slashes; the workspace itself is the empty text. */
export function normalised(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') out.pop();
    else if (part !== '' && part !== '.') out.push(part);
  }
  return (path.startsWith('/') ? '/' : '') + out.join('/');
}

export function joined(folder: string, path: string): string {
  return normalised(path.startsWith('/') ? path : `${folder}/${path}`);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function folderOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut > 0 ? path.slice(0, cut) : path.startsWith('/') ? '/' : '';
}

/** What is left of `path` below `folder`; undefined where it is not below it. */
export function below(folder: string, path: string): string | undefined {
  if (path === folder) return '';
  const prefix = folder === '/' || folder === '' ? folder : `${folder}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}
