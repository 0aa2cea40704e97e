import { VENV } from '../request.ts';
import { environmentPath, PIP_CACHE } from './python.ts';
import type { Recipe, RecipeRequest } from './recipe.ts';
import { hasLocal } from './system.ts';
import { copyFiles, packagesWhy, runInstruction, shellWord } from './text.ts';
import { TOOLS } from './tools.ts';

const CONDA_CACHE = 'type=cache,target=/opt/conda/pkgs';

/** A conda environment, made by micromamba: one program without a Python or a base environment of its own. */
export function condaRecipe({ request, requirements, paths, roots, secrets, installsProject }: RecipeRequest): Recipe {
  const [file = ''] = roots;
  const codeFirst = hasLocal(requirements);
  const mounts = [CONDA_CACHE, PIP_CACHE, ...secrets];
  const has = (name: string) => requirements?.packages.has(name) === true;
  const python = has('python') || requirements?.python !== undefined ? [] : [`python=${request.python}`];
  const pip = has('pip') ? [] : ['pip'];
  const cuda = request.gpu ? `CONDA_OVERRIDE_CUDA=${cudaOf(request.base.image)} ` : '';
  const create = `${cuda}micromamba create --yes --prefix ${VENV} --file ${shellWord(file)}`;
  const install = (...words: readonly string[]) =>
    runInstruction([PIP_CACHE, ...secrets], ['python -m pip install', ...words].join(' '));
  return {
    tools: [],
    stages: [
      {
        lines: [`ARG MICROMAMBA_IMAGE=${TOOLS.micromamba}`, `FROM \${MICROMAMBA_IMAGE} AS micromamba`],
      },
    ],
    environment: [
      {
        why: ["Conda's environments are made by micromamba, one program without a Python of its own."],
        lines: [
          'COPY --from=micromamba /bin/micromamba /usr/local/bin/micromamba',
          `ENV MAMBA_ROOT_PREFIX=/opt/conda \\`,
          `    CONDA_PREFIX=${VENV}`,
          environmentPath(),
        ],
      },
    ],
    packages: [
      {
        why: [
          ...packagesWhy(codeFirst),
          ...(request.gpu
            ? ['The machine that builds has no GPU: conda has to be told, or takes packages for CPUs.']
            : []),
        ],
        lines: [
          ...(codeFirst ? [] : copyFiles(paths)),
          ...runInstruction(mounts, [create, ...python, ...pip].join(' ')),
        ],
      },
    ],
    hypertune: { why: ['Reports the metrics of a tuning job.'], lines: install(TOOLS.hypertune) },
    project: installsProject ? [{ why: ['The project itself.'], lines: install('--no-deps', '.') }] : [],
    codeFirst,
  };
}

/** Where a base of the user's own tells none. */
const DEFAULT_CUDA = '12.6';

/** Major and minor CUDA version that the base's tag names. */
function cudaOf(image: string): string {
  return (/(?:cuda:?|cu)(\d+\.\d+)/.exec(image)?.[1] ?? DEFAULT_CUDA).replace(/^(\d+\.\d+).*/, '$1');
}
