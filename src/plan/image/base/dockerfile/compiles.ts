import { readStages, type Stage } from '../../../code/dockerfile/stages.ts';
import { normalised } from '../../../code/paths.ts';
import type { FileView } from '../../../code/request.ts';
import { withSources } from './reachable.ts';

export interface CompileRequest {
  /** Text of the Dockerfile; undefined where there is none. */
  readonly text: string | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly target: string | undefined;
  readonly files: FileView;
  /** The build context, relative to the workspace. */
  readonly context: string;
}

const CALLS = /\bnvcc\b|TORCH_CUDA_ARCH_LIST|FORCE_CUDA\s*=|CMAKE_CUDA_|\bCUDACXX\b/;
const BUILDS =
  /\bCUDAExtension\b|\bcuda_extension\b|enable_language\s*\(\s*CUDA|project\s*\([^)]*\bCUDA\b|find_package\s*\(\s*CUDA/;
/** Where sources of extensions lie, by habit. */
const FOLDERS = ['', 'csrc', 'src', 'cuda', 'kernels', 'ops', 'ext', 'extensions', 'lib'];

/** Whether a Dockerfile or the repository compiles CUDA code, so that its base needs nvcc. */
export function compilesCuda(request: CompileRequest): boolean {
  return dockerfileCompiles(request) || repositoryCompiles(request);
}

function dockerfileCompiles({ text, buildArgs, target }: CompileRequest): boolean {
  const built = text === undefined ? undefined : readStages(text, buildArgs, target)?.built;
  return built !== undefined && withSources(built).some(stageCompiles);
}

function stageCompiles({ runs, environment, variables }: Stage): boolean {
  const names = [...environment.keys(), ...variables.keys()];
  return runs.some((run) => CALLS.test(run.text)) || names.includes('TORCH_CUDA_ARCH_LIST');
}

function repositoryCompiles({ files, context }: CompileRequest): boolean {
  const root = normalised(context);
  const at = (path: string) => normalised(`${root}/${path}`).replace(/^\//, '');
  if (['setup.py', 'CMakeLists.txt', 'pyproject.toml'].some((name) => BUILDS.test(files.text(at(name)) ?? '')))
    return true;
  return FOLDERS.some((folder) => files.list(at(folder)).some((name) => name.endsWith('.cu')));
}
