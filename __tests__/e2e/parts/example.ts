import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { actionInputs } from '../../../scripts/demo/workflow.ts';
import { CHECKOUT } from './action-file.ts';

/** A folder of examples/, as a repository of its own. */
export interface Example {
  readonly folder: string;
  /** Path of its workflow in it. */
  readonly workflow: string;
  /** What lies at its top, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** The inputs of the step in its workflow. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** Reads an example, as it is published. */
export function exampleOf(name: string): Example {
  const folder = join(CHECKOUT, 'examples', name);
  const workflow = '.github/workflows/train.yml';
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => [entry.name, readFileSync(join(folder, entry.name), 'utf8')] as const);
  return { folder, workflow, files: Object.fromEntries(files), inputs: actionInputs(join(folder, workflow)) };
}
