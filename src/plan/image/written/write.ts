import type { Fault } from '../../../faults.ts';
import { assemble } from './assemble.ts';
import { findEntry } from './entry/find.ts';
import type { EntryProgram } from './entry/program.ts';
import type { Project } from './entry/project.ts';
import { baseFaults, emptyFaults } from './faults.ts';
import { whyHypertune } from './hypertune.ts';
import { findManifests, type Manifests } from './manifests.ts';
import { condaRecipe } from './recipe/conda.ts';
import { pipRecipe } from './recipe/pip.ts';
import { type PythonSource, pythonSource } from './recipe/python.ts';
import type { Recipe, RecipeRequest } from './recipe/recipe.ts';
import { secretFaults, secretMounts } from './recipe/secrets.ts';
import { dockerfileText } from './recipe/text.ts';
import { uvRecipe } from './recipe/uv.ts';
import type { WrittenDockerfile, WrittenRequest } from './request.ts';

export type { WrittenBase, WrittenDockerfile, WrittenRequest } from './request.ts';
export { RULES } from './rules.ts';

export interface Written {
  /** Undefined where there are errors. */
  readonly dockerfile: WrittenDockerfile | undefined;
  readonly errors: readonly Fault[];
  readonly warnings: readonly Fault[];
}

/** Writes the Dockerfile of a repository that has none. The same request gives the same bytes. */
export function writeDockerfile(request: WrittenRequest): Written {
  const { program, project, errors: entryErrors } = findEntry(request);
  const source = pythonSource(request);
  const manifests = findManifests(request);
  const errors = [...entryErrors, ...manifests.faults, ...baseFaults(request, source)];
  const warnings = [...secretFaults(request.secrets), ...emptyFaults(request)];
  if (program === undefined || errors.length > 0) return { dockerfile: undefined, errors, warnings };
  const ask = recipeRequest(request, manifests, project, program, source);
  const recipe = recipeOf(ask);
  const text = dockerfileText(assemble(ask, recipe, program));
  return { dockerfile: { text, program: program.said, notes: notesOf(ask, program) }, errors, warnings };
}

function recipeRequest(
  request: WrittenRequest,
  { paths, roots }: Manifests,
  project: Project,
  program: EntryProgram,
  source: PythonSource,
): RecipeRequest {
  const installsProject = program.console || (project.installs && program.pythonPath.includes('src'));
  const secrets = secretMounts(request.secrets);
  const hypertune = whyHypertune(request, program);
  const { requirements } = request;
  return { request, requirements, paths, roots, project, source, installsProject, hypertune, secrets };
}

function recipeOf(ask: RecipeRequest): Recipe {
  const installer = ask.requirements?.installer;
  if (installer === 'uv') return uvRecipe(ask);
  return installer === 'conda' ? condaRecipe(ask) : pipRecipe(ask);
}

const SOURCES: Readonly<Record<PythonSource, string>> = {
  system: "the base image's, or its operating system's where it has none",
  uv: "installed by uv: the operating system's has another version",
};

function notesOf({ requirements, source, paths, hypertune }: RecipeRequest, program: EntryProgram): string[] {
  const conda = requirements?.installer === 'conda';
  return [
    `It starts ${program.said}.`,
    ...(requirements === undefined ? [] : [`Packages come from ${paths.join(', ')} by ${requirements.installer}.`]),
    conda ? 'Python comes from the conda environment.' : `Python is ${SOURCES[source]}.`,
    ...(hypertune === undefined ? [] : [`cloudml-hypertune is added, since ${hypertune}.`]),
  ];
}
