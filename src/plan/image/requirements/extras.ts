import { at, pairs, readToml, texts } from './formats/toml.ts';
import { under } from './paths.ts';
import { normalName } from './pep/names.ts';
import { parseRequirement } from './pep/pep508.ts';
import { Reading } from './reading.ts';

/** What a training program computes with: one that names it nowhere but in an extra has been read without it. */
const FRAMEWORKS = new Set([
  ...['torch', 'tensorflow', 'tf-nightly', 'tensorflow-cpu', 'jax', 'xgboost', 'lightgbm', 'lightning'],
  ...['pytorch-lightning', 'keras'],
]);

/** Tells where a project has its framework in extras or optional groups alone, none of which is installed. */
export function judgeExtras(reading: Reading, folder: string): void {
  const path = under(folder, 'pyproject.toml');
  if (!reading.files.includes(path) || reading.entries.some(({ name }) => FRAMEWORKS.has(name))) return;
  const file = readToml(new Reading(reading.view, reading.environment, reading.folder), path);
  const found = listsOf(file?.table).flatMap(({ kind, name, requirements }) => {
    const text = requirements.find((one) => FRAMEWORKS.has(nameOf(one)));
    return text === undefined ? [] : [{ kind, name, text }];
  });
  const [first] = found;
  if (file === undefined || first === undefined) return;
  const names = [...new Set(found.map(({ text }) => nameOf(text)))].slice(0, 3);
  const lists = found.slice(0, 4).map(({ kind, name }) => `the ${kind} ${name}`);
  const message = `${andJoined(names)} ${names.length > 1 ? 'are' : 'is'} only in ${andJoined(lists)}, which ${found.length > 1 ? 'are' : 'is'} not installed. Put what the program needs among the dependencies, or add a Dockerfile that installs it.`;
  reading.warn('requirements-extra', file.places.ofText(first.text), message);
}

const andJoined = (texts: readonly string[]) =>
  texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;

interface List {
  readonly kind: 'extra' | 'group';
  readonly name: string;
  readonly requirements: readonly string[];
}

function listsOf(table: unknown): List[] {
  const lists = (kind: List['kind'], value: unknown) =>
    pairs(value).map(([name, requirements]) => ({ kind, name, requirements: texts(requirements) }));
  const poetry = at(table, 'tool', 'poetry');
  const groups = pairs(at(poetry, 'group')).map(([name, value]): List => {
    return { kind: 'group', name, requirements: pairs(at(value, 'dependencies')).map(([key]) => key) };
  });
  return [
    ...lists('extra', at(table, 'project', 'optional-dependencies')),
    ...lists('group', at(table, 'dependency-groups')),
    ...lists('extra', at(poetry, 'extras')),
    ...groups,
  ];
}

function nameOf(requirement: string): string {
  const named = parseRequirement(requirement);
  return typeof named === 'string' ? normalName(requirement) : named.name;
}
