import { baseName, folderOf, joined } from '../../../code/paths.ts';
import { APP, VENV } from '../request.ts';
import { PIP_CACHE, pipEnvironment, toolsMount, UV_CACHE } from './python.ts';
import { isLocked, type Recipe, type RecipeRequest } from './recipe.ts';
import { hasLocal, isFromGit } from './system.ts';
import { copyFiles, type Paragraph, packagesWhy, runInstruction, shellWord } from './text.ts';
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
  const [first] = ask.roots;
  if (first === undefined) return {};
  const files = codeFirst ? [] : copyFiles(ask.paths);
  if (ask.requirements?.installer === 'poetry') return listed(ask, poetryList(ask), pip);
  if (ask.requirements?.installer === 'pipenv') return listed(ask, pipenvList(ask), pip);
  if (readsCode(ask))
    return { packages: [{ why: ['The project with all that it needs.'], lines: pip(projectFolder(first)) }] };
  if (baseName(first) === 'pyproject.toml') return { tools: TOOLS.uv, packages: [projectPackages(ask, first, files)] };
  return {
    packages: [
      {
        why: packagesWhy(codeFirst),
        lines: [...files, ...pip(...ask.roots.map((root) => `--requirement ${shellWord(root)}`))],
      },
    ],
  };
}

const projectFolder = (manifest: string) => (folderOf(manifest) === '' ? '.' : shellWord(`./${folderOf(manifest)}`));

/** Packages named by code (setup.py), or by files that a build backend reads: only the backend knows them. */
function readsCode({ roots, project, requirements }: RecipeRequest): boolean {
  if (requirements?.installer !== 'pip') return false;
  const name = baseName(roots[0] ?? '');
  return /^setup\.(?:py|cfg)$/.test(name) || (name === 'pyproject.toml' && project.dynamic.includes('dependencies'));
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
  const [first = ''] = ask.roots;
  const locked = isLocked(ask);
  const local = hasLocal(ask.requirements);
  const stage = {
    why: [`What ${list.name} ${locked ? 'has locked' : 'chooses'}, as a list for pip.`],
    lines: [
      'FROM tools AS lock',
      // Where the project lies in the image too: the list names its folders by their whole path.
      `WORKDIR ${APP}`,
      ...(local && !locked ? ['COPY . .'] : copyFiles(ask.paths)),
      ...(folderOf(first) === '' ? [] : [`WORKDIR ${joined(APP, folderOf(first))}`]),
      ...runInstruction(locked ? [] : [PIP_CACHE, ...ask.secrets], ...list.commands),
    ],
  };
  const why = packagesWhy(local);
  const lines = [`COPY --from=lock ${LIST} ${LIST}`, ...pip('--requirement', LIST)];
  return {
    tools: [...(ask.source === 'uv' ? TOOLS.uv : []), ...list.tools],
    stages: [stage],
    packages: [{ why, lines }],
  };
}

function poetryList(ask: RecipeRequest): PackageList {
  const { request, requirements } = ask;
  const poetry = `${TOOLS_FOLDER}/bin/poetry`;
  const named = requirements?.groups ?? [];
  const groups = named.length === 0 ? '' : ` --with ${shellWord(named.join(','))}`;
  const hashes = hasLocal(requirements) || isFromGit(requirements) ? ' --without-hashes' : '';
  return {
    name: 'Poetry',
    tools: /^3\.\d(?:\.|$)/.test(request.python) ? TOOLS.poetryOld : TOOLS.poetry,
    commands: [...(isLocked(ask) ? [] : [`${poetry} lock`]), `${poetry} export${groups}${hashes} --output ${LIST}`],
  };
}

function pipenvList(ask: RecipeRequest): PackageList {
  const { requirements } = ask;
  const pipenv = `${TOOLS_FOLDER}/bin/pipenv`;
  const hashes = hasLocal(requirements) || isFromGit(requirements) ? '' : ' --hash';
  return {
    name: 'Pipenv',
    tools: TOOLS.pipenv,
    commands: [...(isLocked(ask) ? [] : [`${pipenv} lock`]), `${pipenv} requirements${hashes} > ${LIST}`],
  };
}
