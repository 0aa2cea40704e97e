import type { FileView } from '../../../inputs/files.ts';
import { ASIDE } from './formats/poetry-project.ts';
import { under } from './paths.ts';
import { normalName } from './pep/names.ts';

/** What the trained program runs with, best first; others beside it are for other purposes. */
const TRAINING = ['train', 'training', 'trainer', 'gpu', 'cuda', 'prod', 'production', 'run', 'runtime'];
const COMMON = ['base', 'common', 'core', 'main', 'default', 'requirements', 'all'];

/** requirements.txt; else what files named after a purpose hold for training, on top of what is common to all. */
export function conventional(view: FileView, folder: string): string[] {
  const list = (below: string) =>
    view.list(under(folder, below)).map((name) => ({ name, path: under(folder, `${below}/${name}`) }));
  const own = list('').filter(({ name }) => /^(?:[\w.]+-)?requirements(?:[-_.][\w-]+)?\.txt$/.test(name));
  const plain = own.find(({ name }) => name === 'requirements.txt');
  if (plain !== undefined) return [plain.path];
  const named = [...own, ...list('requirements').filter(({ name }) => /^[\w.-]+\.txt$/.test(name))];
  const files = named.map(({ name, path }) => ({ path, purpose: purposeOf(name) }));
  const best = (purposes: readonly string[]) =>
    purposes.flatMap((purpose) => files.find((file) => file.purpose === purpose) ?? [])[0]?.path;
  const chosen = [best(COMMON), best(TRAINING)].flatMap((path) => path ?? []);
  const others = files.filter(({ purpose }) => !ASIDE.test(purpose) && !/lock|constraint/.test(purpose));
  return chosen.length > 0 ? chosen : others.length === 1 ? others.map(({ path }) => path) : [];
}

/** `requirements-train.txt`, `train-requirements.txt`, `requirements/train.txt` are all for `train`. */
function purposeOf(name: string): string {
  const purpose = normalName(name.replace(/\.txt$/, '')).replace(/^requirements-|-requirements$/, '');
  return /^cu\d+$/.test(purpose) ? 'cuda' : purpose;
}
