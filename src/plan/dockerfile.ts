import { DockerfileParser } from 'dockerfile-ast';

/** What the plan needs to know of a Dockerfile. */
export interface DockerfileFacts {
  /** Whether a FROM takes its image from the build argument BASE_IMAGE. */
  readonly takesBaseImage: boolean;
  /** Image of the last stage as written, and its line (from 1); undefined where there is no FROM. */
  readonly finalFrom: { readonly image: string; readonly line: number } | undefined;
}

/**
 * The image that `# syntax=` names as the builder's frontend; undefined where none is. Directives end with the first line
 * that is none (Docker's reference, 'Parser directives').
 */
export function syntaxImage(text: string): string | undefined {
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    const [, name = '', value = ''] = /^\s*#\s*([a-zA-Z]+)\s*=\s*(.+?)\s*$/.exec(line) ?? [];
    if (name === '') return undefined;
    if (name.toLowerCase() === 'syntax') return value.split(/\s/, 1)[0];
  }
  return undefined;
}

/** Reads a Dockerfile by Docker's own grammar; nothing is run. */
export function readDockerfile(text: string): DockerfileFacts {
  const dockerfile = DockerfileParser.parse(text);
  const froms = dockerfile.getFROMs();
  const last = froms.at(-1);
  const image = last?.getImage();
  // One ARG may declare several names.
  const declared = dockerfile
    .getInitialARGs()
    .some((arg) => arg.getArguments().some((each) => each.getValue().split('=', 1)[0] === 'BASE_IMAGE'));
  const used = froms.some((from) => /\$(?:BASE_IMAGE\b|\{BASE_IMAGE(?::?[-+][^}]*)?\})/.test(from.getImage() ?? ''));
  return {
    takesBaseImage: declared && used,
    finalFrom: last && image ? { image, line: last.getRange().start.line + 1 } : undefined,
  };
}
