import { folderOf } from '../../../code/paths.ts';
import { VENV } from '../request.ts';
import { environmentPath, type PythonSource, toolsMount, UV_CACHE } from './python.ts';
import { isLocked, type Recipe, type RecipeRequest } from './recipe.ts';
import { hasLocal } from './system.ts';
import { copyFiles, packagesWhy, runInstruction, shellWord } from './text.ts';
import { TOOLS, TOOLS_FOLDER } from './tools.ts';

/** `uv sync` from the lock file: first what comes from outside, then, with the code there, what the repository holds. */
export function uvRecipe(ask: RecipeRequest): Recipe {
  const { request, requirements, paths, roots, project, source, secrets } = ask;
  const mounts = [toolsMount(), UV_CACHE, ...secrets];
  const folder = folderOf(roots[0] ?? '');
  const sync = (...options: readonly string[]) =>
    runInstruction(
      mounts,
      [
        `${TOOLS_FOLDER}/bin/uv sync`,
        ...(folder === '' ? [] : [`--project ${shellWord(folder)}`]),
        ...(isLocked(ask) ? ['--frozen'] : []),
        '--no-dev',
        ...options,
      ].join(' '),
    );
  const local = hasLocal(requirements);
  // Without a lock file, uv reads the projects of the repository themselves.
  const codeFirst = !isLocked(ask) && (local || project.dynamic.length > 0);
  return {
    tools: TOOLS.uv,
    stages: [],
    environment: [
      {
        why: ['One environment, outside the code; modules are compiled here, and not by every job.'],
        lines: [...uvSettings(source, request.python), environmentPath()],
      },
    ],
    packages: [
      {
        why: packagesWhy(codeFirst),
        lines: codeFirst ? sync() : [...copyFiles(paths), ...sync('--no-install-local')],
      },
    ],
    hypertune: {
      why: ['Reports the metrics of a tuning job.'],
      lines: runInstruction(mounts, `${TOOLS_FOLDER}/bin/uv pip install --python ${VENV} ${TOOLS.hypertune}`),
    },
    project:
      !codeFirst && (project.installs || local) ? [{ why: ['The project itself.'], lines: sync('--inexact') }] : [],
    codeFirst,
  };
}

/** For the builds of this image and for whoever runs uv in it: one environment, the image's Python, files of its own. */
function uvSettings(source: PythonSource, python: string): string[] {
  const own =
    source === 'uv'
      ? [`UV_PYTHON=${python}`, 'UV_PYTHON_INSTALL_DIR=/opt/python']
      : ['UV_PYTHON=python3', 'UV_PYTHON_DOWNLOADS=never'];
  const settings = [`UV_PROJECT_ENVIRONMENT=${VENV}`, 'UV_LINK_MODE=copy', 'UV_COMPILE_BYTECODE=1', ...own];
  return `ENV ${settings.join(' \\\n    ')}`.split('\n');
}
