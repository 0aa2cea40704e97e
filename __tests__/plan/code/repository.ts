import { faultText } from '../../../src/faults.ts';
import { type CodeRequest, type FileView, judgeCode } from '../../../src/plan/code/judge.ts';

/** A repository of a few files, as a FileView. */
export function repository(files: Readonly<Record<string, string>>): FileView {
  const names = Object.keys(files);
  const inside = (folder: string) => (folder === '' ? names : names.filter((name) => name.startsWith(`${folder}/`)));
  return {
    text: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    exists: (path) => Object.hasOwn(files, path) || inside(path).length > 0,
    list: (folder) =>
      inside(folder)
        .map((name) => (folder === '' ? name : name.slice(folder.length + 1)))
        .filter((name) => !name.includes('/')),
  };
}

export type Asked = Partial<Omit<CodeRequest, 'files' | 'study'>> & {
  readonly metrics?: readonly string[];
  readonly parameters?: readonly string[];
};

/** The verdict on a repository, a line for each fault: errors first. */
export function verdict(files: Readonly<Record<string, string>>, asked: Asked = {}): string[] {
  const { metrics, parameters, ...rest } = asked;
  const study =
    metrics === undefined && parameters === undefined
      ? undefined
      : { metrics: metrics ?? [], parameters: parameters ?? [] };
  const { errors, warnings } = judgeCode({
    files: repository(files),
    dockerfile: 'Dockerfile',
    context: '.',
    buildArgs: {},
    target: undefined,
    command: [],
    args: [],
    ...rest,
    study,
  });
  return [
    ...errors.map((fault) => `error: ${faultText(fault)}`),
    ...warnings.map((fault) => `warning: ${faultText(fault)}`),
  ];
}

export interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly asked?: Asked;
  readonly told: readonly string[];
}

/** Lines as one text. */
export function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
