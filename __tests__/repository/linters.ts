import { join } from 'node:path';
import { ACTIONLINT, ensureGoProgram } from '../../scripts/machine/go-program.ts';
import { ensurePython } from '../../scripts/machine/python.ts';
import { type Ran, run } from '../../scripts/machine/run.ts';
import { messageOf } from '../../src/faults.ts';

export const root = join(import.meta.dirname, '../..');

/** Judges files of workflows and actions, given below the repository's root. */
export interface Linters {
  actionlint(...files: readonly string[]): Promise<Ran>;
  /** As strict as it can be, without the network. */
  zizmor(...files: readonly string[]): Promise<Ran>;
  /** The same without what only asks for a more careful form: for what a page shows, which is to be short. */
  zizmorOfPages(...files: readonly string[]): Promise<Ran>;
}

/** The two linters of workflows, or the reason why they are not to be had. With CI=true they must be. */
export async function findLinters(): Promise<Linters | string> {
  try {
    const actionlint = await ensureGoProgram(ACTIONLINT);
    const python = await ensurePython(join(import.meta.dirname, 'requirements.txt'), 'zizmor for the tests');
    const zizmor = join(python.program, '../zizmor');
    const ask = (persona: string, files: readonly string[]) =>
      run(zizmor, ['--offline', `--persona=${persona}`, '--no-progress', '--config=.github/zizmor.yml', ...files], {
        cwd: root,
      });
    return {
      actionlint: (...files) => run(actionlint, files, { cwd: root }),
      zizmor: (...files) => ask('pedantic', files),
      zizmorOfPages: (...files) => ask('regular', files),
    };
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    return messageOf(error);
  }
}
