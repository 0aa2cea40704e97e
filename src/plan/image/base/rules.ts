import type { Rule } from '../../code/rules.ts';

/** Every rule about base images, GPUs, drivers and the frameworks that use them, by name. */
export const RULES: readonly Rule[] = [
  {
    name: 'base-cuda-mismatch',
    meaning: "The Dockerfile's base has not the CUDA or cuDNN that a framework takes from it.",
  },
  { name: 'base-retired', meaning: 'The base image has no support any more, and its tag may be gone.' },
  { name: 'base-without-cuda', meaning: "A GPU job's Dockerfile is built on an image without CUDA." },
  { name: 'compiler-missing', meaning: 'A package compiles CUDA code, and the base image has no compiler for it.' },
  { name: 'cpu-wheel', meaning: 'A framework is installed in a build without CUDA, and the job has a GPU.' },
  { name: 'cuda-base-on-cpu', meaning: 'The Dockerfile is built on CUDA, and the job has no GPU.' },
  { name: 'cuda-image-nearest', meaning: 'No image has the CUDA and cuDNN that a framework was built with.' },
  { name: 'cuda-majors-differ', meaning: 'Frameworks of one environment want different major versions of CUDA.' },
  { name: 'driver-malformed', meaning: "driver_version is no version of NVIDIA's driver." },
  { name: 'driver-too-old', meaning: 'The driver that driver_version names cannot run what is installed.' },
  { name: 'driver-unpublished', meaning: 'A framework needs a later driver than Vertex AI is known to have.' },
  {
    name: 'framework-unknown',
    meaning: 'A version of a framework is not in the catalog; the nearest release stands in for it.',
  },
  { name: 'frameworks-conflict', meaning: 'Two packages cannot be installed together: one asks for another torch.' },
  { name: 'gpu-idle', meaning: 'A job has a GPU, and nothing that is installed would use it.' },
  {
    name: 'gpu-kernels-at-start',
    meaning: 'A framework has no machine code for the GPU; the driver compiles it at start.',
  },
  { name: 'gpu-kernels-missing', meaning: 'A framework has no code for the GPU.' },
  {
    name: 'pip-externally-managed',
    meaning: "pip installs into a distribution's own Python, which refuses it (PEP 668).",
  },
  { name: 'pip-missing', meaning: 'The Dockerfile calls pip or Python where nothing has installed it.' },
  { name: 'python-unsupported', meaning: 'No wheel of a framework is for the Python that the project wants.' },
];
