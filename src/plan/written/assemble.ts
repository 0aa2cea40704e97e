import type { EntryProgram } from './entry/program.ts';
import { PIP_CACHE } from './recipe/pip.ts';
import { aptInstall, FROM_BASE, osPython, toolsStage } from './recipe/python.ts';
import type { Recipe, RecipeRequest } from './recipe/recipe.ts';
import { systemPackages } from './recipe/system.ts';
import { jsonWords, type Paragraph } from './recipe/text.ts';
import { APP, type WrittenRequest } from './request.ts';

/** The whole file, from what changes seldom to what changes with every commit. */
export function assemble(ask: RecipeRequest, recipe: Recipe, program: EntryProgram): Paragraph[] {
  const code = { lines: ['COPY . .'] };
  const hypertune = wantsHypertune(ask.request) ? [recipe.hypertune] : [];
  const start = program.words.length === 0 ? [] : [startOf(ask, program)];
  return [
    {
      why: [
        'Written by Train on Vertex AI, since the repository has no Dockerfile. Commit it as Dockerfile to make it yours.',
        'BASE_IMAGE is chosen anew for every build: slim Python, or nvidia/cuda when the job asks for a GPU.',
      ],
      lines: [`ARG BASE_IMAGE=${ask.request.base.image}`],
    },
    ...stagesOf(ask, recipe),
    ...imageStart(ask, recipe),
    ...recipe.environment,
    { lines: [`WORKDIR ${APP}`] },
    ...(recipe.codeFirst
      ? [{ why: ['The code comes first: a package of this repository is among its requirements.'], lines: code.lines }]
      : []),
    ...recipe.packages,
    ...hypertune,
    ...(recipe.codeFirst ? [] : [code]),
    ...recipe.project,
    ...start,
  ];
}

/** Whether several stages are built on the operating system's Python. */
const sharesPython = ({ source }: RecipeRequest, { tools }: Recipe) => source === 'os' && tools.length > 0;

function stagesOf(ask: RecipeRequest, recipe: Recipe): Paragraph[] {
  const { request, source, secrets } = ask;
  const python = { lines: [`${FROM_BASE} AS python`, 'USER root', ...aptInstall(osPython(request.base.image))] };
  return [
    ...(sharesPython(ask, recipe) ? [python] : []),
    ...(recipe.tools.length > 0 ? [toolsStage(source, request.base.image, recipe.tools, [PIP_CACHE, ...secrets])] : []),
    ...recipe.stages,
  ];
}

function imageStart(ask: RecipeRequest, recipe: Recipe): Paragraph[] {
  const { request, requirements, source } = ask;
  const shared = sharesPython(ask, recipe);
  const conda = requirements?.installer === 'conda';
  const python = source === 'os' && !shared && !conda ? osPython(request.base.image) : [];
  const packages = [...new Set([...python, ...systemPackages(requirements)])];
  return [
    {
      why: [
        "Root, since on Vertex AI only root can write a trial's metrics, and who else can write to /gcs is not documented.",
      ],
      lines: [shared ? 'FROM python' : FROM_BASE, 'USER root'],
    },
    ...(packages.length > 0 ? [{ lines: aptInstall(packages) }] : []),
    {
      lines: ['ENV PYTHONUNBUFFERED=1'],
    },
    ...(request.gpu ? [driverPaths()] : []),
  ];
}

/** Vertex AI's nodes mount the driver as GKE does, and not every image looks there by itself (NVIDIA/dcgm-exporter#484). */
function driverPaths(): Paragraph {
  return {
    why: ['Vertex AI mounts the GPU driver here.'],
    lines: [
      `ENV PATH=/usr/local/nvidia/bin:\${PATH} \\`,
      `    LD_LIBRARY_PATH=/usr/local/nvidia/lib64:/usr/local/nvidia/lib\${LD_LIBRARY_PATH:+:\${LD_LIBRARY_PATH}}`,
    ],
  };
}

function startOf({ installsProject }: RecipeRequest, { words, pythonPath }: EntryProgram): Paragraph {
  const folders = installsProject ? [] : pythonPath.map((folder) => (folder === '' ? APP : `${APP}/${folder}`));
  const path = folders.length === 0 ? [] : [`ENV PYTHONPATH=${folders.join(':')}\${PYTHONPATH:+:\${PYTHONPATH}}`];
  return {
    why: ["In exec form, so that the job's arguments reach the program, and a stop signal too."],
    lines: [...path, `ENTRYPOINT ${jsonWords(words)}`],
  };
}

/** Whether a tuning job's requirements lack the library that reports its metrics. */
export const wantsHypertune = ({ tuning, requirements }: WrittenRequest) =>
  tuning && requirements?.packages.has('cloudml-hypertune') !== true;
