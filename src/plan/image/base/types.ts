import type { Fault } from '../../../faults.ts';
import type { Place } from '../../../log.ts';
import type { AcceleratorType } from '../../../vertex/types.ts';
import type { Requirements } from '../requirements/types.ts';

/** An image to build on. */
export interface BaseImage {
  /** With its tag, such as `nvidia/cuda:12.8.1-base-ubuntu24.04`. */
  readonly image: string;
  /** Why this one, in one sentence without the image's name; `baseLine` joins the two. */
  readonly why: string;
  /** Whether it has a Python: python:*-slim has, nvidia/cuda has none. Undefined for an image of the user's own. */
  readonly bringsPython: boolean | undefined;
  readonly os: 'debian' | 'ubuntu' | 'unknown';
}

export interface BaseRequest {
  /** `base_image`: the name of an image, or `slim`. */
  readonly asked: string | undefined;
  /** All that the image will meet; none without accelerators. */
  readonly accelerators: readonly AcceleratorType[];
  /** What the repository's files say of its packages; undefined where it has no such files. */
  readonly requirements: Requirements | undefined;
  /** Of the NVIDIA driver on the job's machines: `550.54.15` or `550`. */
  readonly driverVersion: string | undefined;
  /** Whether the Dockerfile or the repository compiles CUDA code (`compilesCuda`); what packages imply is found here. */
  readonly compilesCuda: boolean;
  readonly platform: 'linux/amd64' | 'linux/arm64';
}

/** How a framework's version is known. */
export type Known =
  /** The files leave no choice. */
  | 'pinned'
  /** The newest of today's releases that the files allow. */
  | 'resolved'
  /** Another package needs it. */
  | 'implied'
  /** A development build; the newest release stands in for it. */
  | 'nightly'
  /** The catalog does not have the version; the nearest release stands in for it. */
  | 'assumed';

/** A library that computes on GPUs, as the training program's environment will hold it. */
export interface Framework {
  /** The package, as PyPI names it. */
  readonly name: string;
  /** With its local part (`2.8.0+cu128`); undefined where nothing tells. */
  readonly version: string | undefined;
  readonly known: Known;
  /** The CUDA it runs with: `12.8`, or `12` where any minor version will do; undefined for a build without CUDA. */
  readonly cuda: string | undefined;
  /** The cuDNN it brings, or the lowest that it accepts; undefined where it needs none, or nothing is known. */
  readonly cudnn: string | undefined;
  /** Where CUDA comes from: packages that are installed with it, the base image, or nowhere. */
  readonly source: 'wheels' | 'image' | 'none';
  /** The compute capabilities it holds machine code for (`89` is 8.9); undefined where not known. */
  readonly kernels: Kernels | undefined;
  /** The Pythons that it can be installed for (`3.12`); undefined where not known. */
  readonly pythons: readonly string[] | undefined;
  /** The package index that it comes from, where one is named: `cu126`. */
  readonly index: string | undefined;
  readonly place: Place | undefined;
}

/** GPU code inside a library. */
export interface Kernels {
  /** Machine code, by compute capability times ten. It runs on GPUs of the same major version and no lower minor one. */
  readonly sm: readonly number[];
  /** The highest PTX, which the driver compiles for any later GPU when the program starts. */
  readonly ptx: number | undefined;
}

export interface BaseChoice {
  /** Best first; the first that the registry has is taken. */
  readonly candidates: readonly [BaseImage, ...BaseImage[]];
  /** The Python that the image is to have: `3.12`, or `3.12.4` where the project takes no other. */
  readonly python: string;
  /** What was recognised in the requirements. */
  readonly frameworks: readonly Framework[];
  readonly errors: readonly Fault[];
  readonly warnings: readonly Fault[];
}
