import type { Requirements } from '../../requirements/types.ts';
import type { Project } from '../entry/project.ts';
import type { WrittenRequest } from '../request.ts';
import type { PythonSource } from './python.ts';
import type { Paragraph } from './text.ts';

/** How the packages get into the image. */
export interface Recipe {
  /** What the tools stage holds; nothing is an image without that stage. */
  readonly tools: readonly string[];
  /** Stages of its own, behind the tools. */
  readonly stages: readonly Paragraph[];
  /** Makes the environment, before any file of the repository is there. */
  readonly environment: readonly Paragraph[];
  /** Installs the packages, in /app. */
  readonly packages: readonly Paragraph[];
  /** Installs cloudml-hypertune into the environment. */
  readonly hypertune: Paragraph;
  /** Installs the project itself, whose code is there by now. */
  readonly project: readonly Paragraph[];
  /** The packages cannot be installed before the code is there. */
  readonly codeFirst: boolean;
}

export interface RecipeRequest {
  readonly request: WrittenRequest;
  readonly requirements: Requirements | undefined;
  /** The requirement files by their paths in the context. */
  readonly paths: readonly string[];
  /** Those of them that are handed to the installer. */
  readonly roots: readonly string[];
  readonly project: Project;
  readonly source: PythonSource;
  /** The program runs only where the project is installed. */
  readonly installsProject: boolean;
  /** Why cloudml-hypertune is added; undefined where it is not. */
  readonly hypertune: string | undefined;
  /** Mounts of the build secrets. */
  readonly secrets: readonly string[];
}

/** Whether the installer's own lock file is there. */
export const isLocked = ({ paths }: RecipeRequest) =>
  paths.some((path) => /(?:^|\/)(?:uv|poetry|Pipfile)\.lock$/.test(path));
