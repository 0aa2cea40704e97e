import type { Sign } from './meaning.ts';

/** Lines of CUDA, its libraries and the frameworks on it. */
export const GPU_SIGNS: readonly Sign[] = [
  {
    rule: 'cuda-driver-too-old',
    sign: /CUDA driver version is insufficient for CUDA runtime version|NVIDIA driver on your system is too old|forward compatibility was attempted on non supported HW/,
    means: () =>
      'The image was made for a newer CUDA than the driver of these machines serves. Choose a base image or framework build of an older CUDA.',
  },
  {
    rule: 'cuda-no-kernel-image',
    sign: /no kernel image is available for execution on the device|sm_\d+ is not compatible with the current PyTorch installation|CUDA_ERROR_NO_BINARY_FOR_GPU/,
    means: () =>
      'The framework in the image was not compiled for this GPU: one of its builds for a newer CUDA is needed (a new GPU), or an older release (a GPU that was dropped).',
  },
  {
    rule: 'cuda-not-found',
    sign: /Found no NVIDIA driver on your system|no CUDA-capable device is detected|CUDA_ERROR_NO_DEVICE/,
    means: () =>
      'The program looked for a GPU and its machine has none, or hides it from the program. Give accelerator_type, and check CUDA_VISIBLE_DEVICES.',
  },
  {
    rule: 'cuda-build-without',
    sign: /Torch not compiled with CUDA enabled/,
    means: () =>
      'The PyTorch in the image is the build for CPUs. Install the one for CUDA: no +cpu in its version, and no index of CPU wheels.',
  },
  {
    rule: 'gpu-out-of-memory',
    sign: /CUDA out of memory|torch\.(?:cuda\.)?OutOfMemoryError|CUDA_ERROR_OUT_OF_MEMORY|OOM when allocating tensor|RESOURCE_EXHAUSTED: Out of memory/,
    means: () =>
      "The GPU's memory is full; the machine's own is another. Make the batch or the model smaller, accumulate gradients, or take a GPU with more memory.",
  },
  {
    rule: 'nccl',
    sign: /\bNCCL error\b|\bncclUnhandledCudaError\b|\bncclSystemError\b|\bncclInternalError\b|\bncclRemoteError\b|Watchdog caught collective operation timeout|NCCL operations have failed or timed out/,
    means: () =>
      'The GPUs of several processes lost each other. Mostly one process failed or hung first: look at the other workers. Else set NCCL_DEBUG=INFO, which names the link that failed.',
  },
  {
    rule: 'cuda-library-missing',
    sign: /(lib(?:cudnn|cublas|cudart|cufft|curand|cusparse|cusolver|nccl|nvrtc)\w*\.so[.\d]*): cannot open shared object file/,
    means: (library = '') =>
      `${library} is not in the image. Take a base image with the CUDA libraries that the framework was built with, or a build of the framework that brings its own.`,
  },
];
