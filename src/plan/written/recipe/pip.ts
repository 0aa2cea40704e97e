import { baseName, folderOf, joined } from '../../code/paths.ts';
import { APP, VENV } from '../request.ts';
import { PIP_CACHE, pipEnvironment, toolsMount, UV_CACHE } from './python.ts';
import type { Recipe, RecipeRequest } from './recipe.ts';
import { hasLocal, isFromGit } from './system.ts';
import { copyFiles, type Paragraph, runInstruction, shellWord } from './text.ts';
import { TOOLS, TOOLS_FOLDER } from './tools.ts';

/** What is common to all that ends in `pip install`. */
export function pipRecipe(ask: RecipeRequest): Recipe {
  const { request, source, secrets, installsProject } = ask;
  const pip = (...words: readonly string[]) =>
    runInstruction([PIP_CACHE, ...secrets], ['pip install', ...words].join(' '));
  const codeFirst = hasLocal(ask.requirements) || readsCode(ask);
  const project = [{ why: ['The project itself: what it needs is there.'], lines: pip('--no-deps', '.') }];
  return {
    tools: source === 'uv' ? TOOLS.uv : [],
    stages: [],
    environment: [pipEnvironment(source, request.python, secrets)],
    packages: [],
    hypertune: { why: ['Reports the metrics of a tuning job.'], lines: pip(TOOLS.hypertune) },
    project: installsProject && !readsCode(ask) ? project : [],
    codeFirst,
    ...packageSteps(ask, codeFirst, pip),
  };
}

type Pip = (...words: readonly string[]) => string[];

function packageSteps(ask: RecipeRequest, codeFirst: boolean, pip: Pip): Partial<Recipe> {
  const [first] = ask.paths;
  if (first === undefined) return {};
  const files = codeFirst ? [] : copyFiles(ask.paths);
  if (ask.requirements?.installer === 'poetry') return listed(ask, poetryList(ask), pip);
  if (ask.requirements?.installer === 'pipenv') return listed(ask, pipenvList(ask), pip);
  if (readsCode(ask))
    return { packages: [{ why: ['The project with all that it needs.'], lines: pip(projectFolder(first)) }] };
  if (baseName(first) === 'pyproject.toml') return { tools: TOOLS.uv, packages: [projectPackages(ask, first, files)] };
  return { packages: [{ why: packagesWhy(codeFirst), lines: [...files, ...pip('--requirement', shellWord(first))] }] };
}

export function packagesWhy(codeFirst: boolean): string[] {
  return codeFirst ? [] : ['Before the code, so that a change of the code installs nothing again.'];
}

const projectFolder = (manifest: string) => (folderOf(manifest) === '' ? '.' : shellWord(`./${folderOf(manifest)}`));

/** Packages named by code (setup.py), or by files that a build backend reads: only the backend knows them. */
function readsCode({ paths, project, requirements }: RecipeRequest): boolean {
  if (requirements?.installer !== 'pip') return false;
  const name = baseName(paths[0] ?? '');
  return /^setup\.(?:py|cfg)$/.test(name) || (name === 'pyproject.toml' && project.dynamic);
}

/** pip itself installs a project's dependencies only together with the project; uv takes them from the file. */
function projectPackages({ secrets }: RecipeRequest, manifest: string, files: readonly string[]): Paragraph {
  const command = `${TOOLS_FOLDER}/bin/uv pip install --python ${VENV} --link-mode copy --compile-bytecode --requirements ${shellWord(manifest)}`;
  return {
    why: packagesWhy(false),
    lines: [...files, ...runInstruction([toolsMount(), UV_CACHE, ...secrets], command)],
  };
}

interface PackageList {
  readonly tools: readonly string[];
  /** Commands that write requirements.txt. */
  readonly commands: readonly string[];
  readonly name: string;
}

const LIST = '/opt/requirements.txt';

/**
 * The lock file becomes a list for pip, in a stage of its own. So the packages come from whatever index pip is set to,
 * where Poetry wants PyPI's JSON API, which many mirrors lack; and the tool stays out of the image.
 */
function listed(ask: RecipeRequest, list: PackageList, pip: Pip): Partial<Recipe> {
  const [first = ''] = ask.paths;
  const network = ask.requirements?.locked ? [] : [PIP_CACHE, ...ask.secrets];
  const stage = {
    why: [`What ${list.name} locks, as a list for pip.`],
    lines: [
      'FROM tools AS lock',
      // Where the project lies in the image too: the list names its folders by their whole path.
      `WORKDIR ${joined(APP, folderOf(first))}`,
      ...copyFiles(ask.paths),
      ...runInstruction(network, ...list.commands),
    ],
  };
  const why = packagesWhy(hasLocal(ask.requirements));
  const lines = [`COPY --from=lock ${LIST} ${LIST}`, ...pip('--requirement', LIST)];
  return {
    tools: [...(ask.source === 'uv' ? TOOLS.uv : []), ...list.tools],
    stages: [stage],
    packages: [{ why, lines }],
  };
}

function poetryList({ request, requirements }: RecipeRequest): PackageList {
  const poetry = `${TOOLS_FOLDER}/bin/poetry`;
  const hashes = hasLocal(requirements) || isFromGit(requirements) ? ' --without-hashes' : '';
  return {
    name: 'Poetry',
    tools: /^3\.[0-9]$/.test(request.python) ? TOOLS.poetryOld : TOOLS.poetry,
    commands: [...(requirements?.locked ? [] : [`${poetry} lock`]), `${poetry} export${hashes} --output ${LIST}`],
  };
}

function pipenvList({ requirements }: RecipeRequest): PackageList {
  const pipenv = `${TOOLS_FOLDER}/bin/pipenv`;
  const hashes = hasLocal(requirements) || isFromGit(requirements) ? '' : ' --hash';
  return {
    name: 'Pipenv',
    tools: TOOLS.pipenv,
    commands: [...(requirements?.locked ? [] : [`${pipenv} lock`]), `${pipenv} requirements${hashes} > ${LIST}`],
  };
}
