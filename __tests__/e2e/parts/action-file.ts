import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

/** The checkout's top folder. */
export const CHECKOUT = join(import.meta.dirname, '..', '..', '..');

/** What the tests need of action.yml. */
export interface ActionFile {
  /** Each input's default; empty where it has none, as the runner passes it. */
  readonly defaults: Readonly<Record<string, string>>;
  readonly outputs: readonly string[];
  /** The entries' files, relative to the checkout; an action without clean-up has no post. */
  readonly entries: Readonly<Record<'main', string> & Partial<Record<'post', string>>>;
}

/** What the expressions in action.yml give in a job without a matrix. */
const EXPRESSIONS: Readonly<Record<string, string>> = {
  'toJSON(matrix)': 'null',
  'github.token': 'ghs_a-token-for-tests',
};

function evaluated(text: string, expressions: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{(.*?)\}\}/g, (_whole, expression: string) => {
    const value = expressions[expression.trim()];
    if (value === undefined)
      throw new Error(`action.yml holds an expression that the tests do not know: ${expression}`);
    return value;
  });
}

/** Reads the action.yml in a folder of the checkout; `expressions` replaces what its expressions give. */
export async function readActionFile(
  folder = '.',
  expressions: Readonly<Record<string, string>> = {},
): Promise<ActionFile> {
  const file = parse(await readFile(join(CHECKOUT, folder, 'action.yml'), 'utf8')) as {
    inputs: Record<string, { default?: unknown }>;
    outputs?: Record<string, unknown>;
    runs: { main: string; post?: string };
  };
  const all = { ...EXPRESSIONS, ...expressions };
  const defaults = Object.entries(file.inputs).map(([name, input]) => [
    name,
    evaluated(String(input.default ?? ''), all),
  ]);
  return {
    defaults: Object.fromEntries(defaults),
    outputs: Object.keys(file.outputs ?? {}),
    entries: {
      main: join(folder, file.runs.main),
      ...(file.runs.post === undefined ? {} : { post: join(folder, file.runs.post) }),
    },
  };
}

/**
 * The variables that carry the inputs: all that action.yml names, with their defaults where the step gives none. An input
 * that action.yml does not name is a mistake of the test: the runner would warn and go on.
 */
export function inputVariables(
  action: ActionFile,
  inputs: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const unknown = Object.keys(inputs).filter((name) => !(name in action.defaults));
  if (unknown.length > 0) throw new Error(`action.yml has no input ${unknown.join(', ')}`);
  const named = Object.entries({ ...action.defaults, ...inputs });
  return Object.fromEntries(named.map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]));
}
