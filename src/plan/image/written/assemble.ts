import type { EntryProgram } from './entry/program.ts';
import { aptInstall, FROM_BASE, PIP_CACHE, systemPython, toolsStage } from './recipe/python.ts';
import type { Recipe, RecipeRequest } from './recipe/recipe.ts';
import { systemPackages } from './recipe/system.ts';
import { jsonWords, type Paragraph } from './recipe/text.ts';
import { APP } from './request.ts';

/** The whole file, from what changes seldom to what changes with every commit. */
export function assemble(ask: RecipeRequest, recipe: Recipe, program: EntryProgram): Paragraph[] {
  const code = { lines: ['COPY . .'] };
  const hypertune = ask.hypertune === undefined ? [] : [recipe.hypertune];
  return [
    {
      why: [
        'Written by Train on Vertex AI, since the repository has no Dockerfile. Commit it as Dockerfile to make it yours.',
        "BASE_IMAGE is handed in with every build: the base that fits the job's hardware and the program's packages.",
      ],
      lines: [`ARG BASE_IMAGE=${ask.request.base.image}`],
    },
    ...stagesOf(ask, recipe),
    ...recipe.environment,
    { lines: [`WORKDIR ${APP}`] },
    ...(recipe.codeFirst
      ? [{ why: ['The code comes first: a package of this repository is among its requirements.'], lines: code.lines }]
      : []),
    ...recipe.packages,
    ...hypertune,
    ...(recipe.codeFirst ? [] : [code]),
    ...recipe.project,
    startOf(ask, program),
  ];
}

/** Stages before the image's own, and the image's beginning: Python is installed once for all of them. */
function stagesOf(ask: RecipeRequest, recipe: Recipe): Paragraph[] {
  const { request, requirements, source, secrets } = ask;
  const conda = requirements?.installer === 'conda';
  const python = source === 'system' && !conda ? [systemPython(request.base.image)] : [];
  const shared = python.length > 0 && recipe.tools.length > 0;
  const mounts = [PIP_CACHE, ...secrets];
  const tools = recipe.tools.length > 0 ? toolsStage(source, request.base.image, recipe.tools, mounts) : [];
  const packages = systemPackages(requirements);
  return [
    ...(shared ? [asRoot(`${FROM_BASE} AS python`), ...python] : []),
    ...tools,
    ...recipe.stages,
    ...(shared ? [{ why: ['The image itself.'], lines: ['FROM python'] }] : [asRoot(FROM_BASE), ...python]),
    ...(packages.length > 0
      ? [{ why: ['What the packages need of the operating system.'], lines: aptInstall(packages) }]
      : []),
    { why: ['What the program prints is in the log at once.'], lines: ['ENV PYTHONUNBUFFERED=1'] },
    ...(request.gpu ? [driverPaths()] : []),
  ];
}

/** GoogleCloudPlatform/cloudml-hypertune#6: /var/hypertune is root's; the documentation speaks of no user. */
function asRoot(from: string): Paragraph {
  const why =
    "Root: on Vertex AI no one else can write a trial's metrics, and whether anyone else can write to /gcs is not documented.";
  return { why: [why], lines: [from, 'USER root'] };
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
  if (words.length === 0) return { why: ["No ENTRYPOINT: the job's own command starts the program."], lines: [] };
  const folders = installsProject ? [] : pythonPath.map((folder) => (folder === '' ? APP : `${APP}/${folder}`));
  const path = folders.length === 0 ? [] : [`ENV PYTHONPATH=${folders.join(':')}\${PYTHONPATH:+:\${PYTHONPATH}}`];
  return {
    why: ["In exec form, so that the job's arguments reach the program, and a stop signal too."],
    lines: [...path, `ENTRYPOINT ${jsonWords(words)}`],
  };
}
