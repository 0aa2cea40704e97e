/** Programs known by name: what they do with the words behind them. */

export const PYTHON = /^(?:python|pypy)(?:\d+(?:\.\d+)?)?$/;
export const SHELL = /^(?:ba|da|a|z|k)?sh$/;

/** A program that starts the one named behind its own options. */
export interface Wrapper {
  /** The word that must follow, such as `run`. */
  readonly sub?: string;
  /** Options that take the next word. */
  readonly valued?: readonly string[];
  /** Words before the program: a user, a duration. */
  readonly skip?: number;
}

export const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  catchsegv: {},
  conda: { sub: 'run', valued: ['-n', '--name', '-p', '--prefix', '--cwd'] },
  'ddtrace-run': {},
  'dumb-init': {},
  env: { valued: ['-u', '-C'] },
  exec: { valued: ['-a'] },
  gosu: { skip: 1 },
  hatch: { sub: 'run' },
  mamba: { sub: 'run', valued: ['-n', '--name', '-p', '--prefix'] },
  micromamba: { sub: 'run', valued: ['-n', '--name', '-p', '--prefix'] },
  nice: { valued: ['-n'] },
  nohup: {},
  'nvidia_entrypoint.sh': {},
  'opentelemetry-instrument': {},
  pdm: { sub: 'run' },
  pipenv: { sub: 'run' },
  poetry: { sub: 'run' },
  rye: { sub: 'run' },
  stdbuf: { valued: ['-i', '-o', '-e'] },
  'su-exec': { skip: 1 },
  time: {},
  timeout: { valued: ['-s', '-k'], skip: 1 },
  tini: { valued: ['-p'] },
  uv: {
    sub: 'run',
    valued: ['--with', '--extra', '--group', '--python', '-p', '--project', '--directory', '--env-file', '--package'],
  },
  'xvfb-run': { valued: ['-s', '-n', '-e', '-f', '-p', '-w'] },
};

/** Programs that start a Python file or `-m` module somewhere behind their own options, and hand it what follows. */
export const LAUNCHERS: ReadonlySet<string> = new Set([
  'accelerate',
  'accelerate.commands.launch',
  'deepspeed',
  'horovodrun',
  'mpiexec',
  'mpirun',
  'torch.distributed.launch',
  'torch.distributed.run',
  'torchrun',
]);

/** Servers, and the word that makes them serve where they can do other things too. */
const SERVERS: Readonly<Record<string, RegExp | undefined>> = {
  bentoml: /^serve/,
  daphne: undefined,
  fastapi: /^(?:run|dev)$/,
  flask: /^run$/,
  gunicorn: undefined,
  'http.server': undefined,
  hypercorn: undefined,
  jupyter: /^(?:lab|notebook|server)$/,
  'jupyter-lab': undefined,
  'jupyter-notebook': undefined,
  jupyterlab: undefined,
  mlflow: /^(?:server|ui)$/,
  nginx: undefined,
  notebook: undefined,
  streamlit: /^run$/,
  tensorboard: undefined,
  'tensorboard.main': undefined,
  tensorflow_model_server: undefined,
  torchserve: undefined,
  tritonserver: undefined,
  uvicorn: undefined,
  'uvicorn.workers': undefined,
  vllm: /^serve$/,
  waitress: undefined,
  'waitress-serve': undefined,
};

/** The server that these words start, as its user calls it. */
export function serverName(name: string, next: string | undefined): string | undefined {
  if (!Object.hasOwn(SERVERS, name)) return undefined;
  const word = SERVERS[name];
  if (word === undefined) return name;
  return next !== undefined && word.test(next) ? `${name} ${next}` : undefined;
}

/** Images that have no ENTRYPOINT, or one that only starts the words it is given. */
export function passesWordsOn(image: string): boolean {
  const name = image.replace(/@.*$/, '').replace(/:[^/]*$/, '');
  const short = name.replace(
    /^(?:(?:docker\.io|index\.docker\.io|mirror\.gcr\.io|public\.ecr\.aws\/docker)\/)?(?:library\/)?/,
    '',
  );
  return PASSING.has(short);
}

const PASSING: ReadonlySet<string> = new Set([
  'alpine',
  'condaforge/miniforge3',
  'continuumio/anaconda3',
  'continuumio/miniconda3',
  'debian',
  'fedora',
  'mambaorg/micromamba',
  'nvcr.io/nvidia/cuda',
  'nvcr.io/nvidia/pytorch',
  'nvcr.io/nvidia/tensorflow',
  'nvidia/cuda',
  'python',
  'pytorch/pytorch',
  'rockylinux',
  'scratch',
  'tensorflow/tensorflow',
  'ubuntu',
]);
