import { type Fault, shown } from '../../../../faults.ts';
import type { WrittenRequest } from '../request.ts';
import { commandProgram } from './command.ts';
import { conventionalPrograms } from './convention.ts';
import type { EntryProgram } from './program.ts';
import { type Project, readProject } from './project.ts';

export interface Entry {
  /** Undefined where none or several are found. */
  readonly program: EntryProgram | undefined;
  readonly project: Project;
  readonly errors: readonly Fault[];
}

/** The program that trains: the one that the job's command names, else the one that the repository's layout tells. */
export function findEntry({ files, context, command }: Pick<WrittenRequest, 'files' | 'context' | 'command'>): Entry {
  const project = readProject(files, context);
  if (command.length > 0) {
    const { program, fault } = commandProgram(command, files, context, project);
    return { program, project, errors: fault === undefined ? [] : [fault] };
  }
  const [program, ...others] = conventionalPrograms(files, context, project);
  if (program !== undefined && others.length === 0) return { program, project, errors: [] };
  const names = [program, ...others].flatMap((each) => each?.said ?? []);
  return { program: undefined, project, errors: [entryFault(names, context)] };
}

function entryFault(names: readonly string[], context: string): Fault {
  const where = context === '.' ? 'the repository' : `the build context ${shown(context)}`;
  const mend = 'Say which in command (python train.py, or python -m trainer.task), or add a Dockerfile';
  const message =
    names.length > 0
      ? `there is no Dockerfile, and ${where} has several programs that may be the one that trains: ${names.join('; ')}. ${mend}.`
      : `there is no Dockerfile, and ${where} has none of the programs that one is written for: trainer/task.py, train.py, main.py, task.py, src/train.py, app/train.py, a package with train.py or __main__.py, one script in pyproject.toml. ${mend}.`;
  return { rule: 'entry-program', input: 'dockerfile', message };
}
