import { folderOf, joined } from '../../code/paths.ts';
import type { EntryProgram } from './entry/program.ts';
import type { WrittenRequest } from './request.ts';

const IMPORTS = /^[ \t]*(?:import|from)[ \t]+hypertune\b/m;

/**
 * Why cloudml-hypertune is added to the packages: a tuning job's trials report with it, and a program that imports it cannot
 * start without it, whatever the job is. Undefined where neither is so, or the requirements name it.
 */
export function whyHypertune(request: WrittenRequest, program: EntryProgram): string | undefined {
  const { tuning, requirements } = request;
  if (requirements?.packages.has('cloudml-hypertune') === true) return undefined;
  if (tuning) return 'the job is a tuning job';
  const file = importing(request, program);
  return file === undefined ? undefined : `${file} imports it`;
}

/** The program, or a module beside it, that imports the library; by its path in the context. */
function importing({ files, context }: WrittenRequest, { file }: EntryProgram): string | undefined {
  if (file === undefined) return undefined;
  const folder = folderOf(file);
  const beside = files.list(joined(context, folder)).filter((name) => name.endsWith('.py'));
  const modules = [file, ...beside.map((name) => joined(folder, name))];
  return modules.find((path) => IMPORTS.test(files.text(joined(context, path)) ?? ''));
}
