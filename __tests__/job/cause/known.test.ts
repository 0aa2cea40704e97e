import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exitOf } from '../../../src/job/cause/exit.ts';
import { knownMeaning, lineMeaning } from '../../../src/job/cause/known.ts';

const status = (code: number) => exitOf(`The replica workerpool0-0 exited with a non-zero status of ${code}.`);
const ruleOf = (code: number, text: string) => knownMeaning(status(code), '', text.split('\n'))?.rule;
const python = (exception: string) =>
  `Traceback (most recent call last):\n  File "/app/train.py", line 3, in <module>\n    main()\n${exception}`;

describe('lines of programs', () => {
  test.each<{ rule: string; code: number; text: string; says?: string }>([
    {
      rule: 'exec-format',
      code: 1,
      text: 'exec /usr/local/bin/python: exec format error',
      says: 'python is built for another processor',
    },
    {
      rule: 'exec-format',
      code: 1,
      text: 'standard_init_linux.go:228: exec user process caused: exec format error',
      says: 'What the container starts is built for another processor',
    },
    {
      rule: 'exec-format',
      code: 1,
      text: 'exec /app/start.sh: exec format error',
      says: 'start.sh is a script without an interpreter',
    },
    {
      rule: 'exec-format',
      code: 1,
      text: python("OSError: [Errno 8] Exec format error: './tool'"),
      says: './tool is built for another processor',
    },
    {
      rule: 'command-not-executable',
      code: 126,
      text: '/bin/sh: 1: ./train.sh: Permission denied',
      says: './train.sh is in the image but may not be executed',
    },
    { rule: 'command-not-found', code: 127, text: '/bin/sh: 1: pythn: not found', says: 'no program pythn' },
    {
      rule: 'command-not-found',
      code: 127,
      text: './run.sh: line 3: accelerate: command not found',
      says: 'no program accelerate',
    },
    { rule: 'line-endings', code: 127, text: '/usr/bin/env: ‘bash\\r’: No such file or directory' },
    { rule: 'line-endings', code: 126, text: '/bin/bash^M: bad interpreter: No such file or directory' },
    {
      rule: 'file-not-in-image',
      code: 2,
      text: "python3: can't open file '/app/train.py': [Errno 2] No such file or directory",
      says: '/app/train.py is not in the image',
    },
    {
      rule: 'unknown-argument',
      code: 2,
      text: 'usage: train.py [-h] [--learning_rate LEARNING_RATE]\ntrain.py: error: unrecognized arguments: --learning-rate=0.1',
      says: '--learning-rate=0.1',
    },
    {
      rule: 'unknown-argument',
      code: 2,
      text: "Usage: train.py [OPTIONS]\nTry 'train.py --help' for help.\n\nError: No such option: --lr",
      says: '--lr',
    },
    {
      rule: 'argument-missing',
      code: 2,
      text: 'train.py: error: the following arguments are required: --data',
      says: '--data',
    },
    { rule: 'argument-missing', code: 2, text: "Error: Missing option '--data'.", says: '--data' },
    {
      rule: 'module-missing',
      code: 1,
      text: python("ModuleNotFoundError: No module named 'hypertune'"),
      says: 'hypertune',
    },
    {
      rule: 'module-missing',
      code: 1,
      text: '/usr/local/bin/python: No module named trainer'.replace('/usr/local/bin/python', 'ImportError'),
      says: 'trainer',
    },
    {
      rule: 'library-missing',
      code: 1,
      text: python('ImportError: libGL.so.1: cannot open shared object file: No such file or directory'),
      says: 'libGL.so.1',
    },
    {
      rule: 'glibc-too-old',
      code: 1,
      text: python(
        "ImportError: /lib/x86_64-linux-gnu/libm.so.6: version `GLIBC_2.29' not found (required by /usr/lib/x.so)",
      ),
      says: 'GLIBC_2.29',
    },
    {
      rule: 'bucket-permission',
      code: 1,
      text: python("PermissionError: [Errno 13] Permission denied: '/gcs/my-bucket/model/weights.pt'"),
      says: '/gcs/my-bucket.',
    },
    {
      rule: 'bucket-permission',
      code: 1,
      text: python(
        'google.api_core.exceptions.Forbidden: 403 POST https://storage.googleapis.com/upload/storage/v1/b/b/o: trainer@my-project.iam.gserviceaccount.com does not have storage.objects.create access to the Google Cloud Storage object. Permission denied.',
      ),
      says: 'trainer@my-project.iam.gserviceaccount.com lacks storage.objects.create',
    },
    {
      rule: 'bucket-not-found',
      code: 1,
      text: python("FileNotFoundError: [Errno 2] No such file or directory: '/gcs/my-bucket/data.csv'"),
      says: 'Under /gcs/my-bucket',
    },
    {
      rule: 'scopes',
      code: 1,
      text: python(
        'google.api_core.exceptions.PermissionDenied: 403 Request had insufficient authentication scopes. [reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT"',
      ),
      says: 'job_service_account',
    },
    {
      rule: 'disk-full',
      code: 1,
      text: python("OSError: [Errno 28] No space left on device: '/app/checkpoint.pt'"),
      says: 'boot_disk_size_gb',
    },
    {
      rule: 'shared-memory',
      code: 1,
      text: python(
        "RuntimeError: DataLoader worker (pid 77) is killed by signal: Bus error. It is possible that dataloader's workers are out of shared memory. Please try to raise your shared memory limit.",
      ),
      says: 'num_workers',
    },
    {
      rule: 'shared-memory',
      code: 1,
      text: 'ERROR: Unexpected bus error encountered in worker. This might be caused by insufficient shared memory (shm).',
    },
    {
      rule: 'shared-memory',
      code: 1,
      text: python("OSError: [Errno 28] No space left on device: '/dev/shm/torch_1_2'"),
    },
    { rule: 'shared-memory', code: 135, text: 'epoch 1' },
    {
      rule: 'worker-killed',
      code: 1,
      text: python('RuntimeError: DataLoader worker (pid(s) 77, 78) is killed by signal: Killed. '),
    },
    { rule: 'out-of-memory', code: 1, text: python('MemoryError') },
    {
      rule: 'out-of-memory',
      code: 1,
      text: python(
        'numpy.core._exceptions._ArrayMemoryError: Unable to allocate 74.5 GiB for an array with shape (100000, 100000)',
      ),
    },
    {
      rule: 'out-of-memory',
      code: 134,
      text: "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc",
    },
    {
      rule: 'cuda-driver-too-old',
      code: 1,
      text: python(
        'RuntimeError: The NVIDIA driver on your system is too old (found version 11040). Please update your GPU driver',
      ),
    },
    {
      rule: 'cuda-driver-too-old',
      code: 1,
      text: python('RuntimeError: CUDA error: CUDA driver version is insufficient for CUDA runtime version'),
    },
    {
      rule: 'cuda-no-kernel-image',
      code: 1,
      text: python(
        'RuntimeError: CUDA error: no kernel image is available for execution on the device\nCUDA kernel errors might be asynchronously reported at some other API call, so the stacktrace below might be incorrect.\nFor debugging consider passing CUDA_LAUNCH_BLOCKING=1.',
      ),
    },
    {
      rule: 'cuda-not-found',
      code: 1,
      text: python(
        'RuntimeError: Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU and installed a driver from http://www.nvidia.com/Download/index.aspx',
      ),
    },
    { rule: 'cuda-build-without', code: 1, text: python('AssertionError: Torch not compiled with CUDA enabled') },
    {
      rule: 'gpu-out-of-memory',
      code: 1,
      text: python(
        'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 14.58 GiB of which 15.56 MiB is free.',
      ),
    },
    { rule: 'gpu-out-of-memory', code: 1, text: python('torch.cuda.OutOfMemoryError: CUDA out of memory.') },
    {
      rule: 'gpu-out-of-memory',
      code: 1,
      text: python(
        'jaxlib.xla_extension.XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory while trying to allocate 17179869184 bytes.',
      ),
    },
    {
      rule: 'gpu-out-of-memory',
      code: 1,
      text: python(
        'tensorflow.python.framework.errors_impl.ResourceExhaustedError: OOM when allocating tensor with shape[512,512,3,3] and type float',
      ),
    },
    {
      rule: 'nccl',
      code: 1,
      text: python(
        'torch.distributed.DistBackendError: NCCL error in: ../torch/csrc/distributed/c10d/ProcessGroupNCCL.cpp:1333, unhandled system error (run with NCCL_DEBUG=INFO for details), NCCL version 2.18.1\nncclSystemError: System call (e.g. socket, malloc) or external library call failed or device error.',
      ),
    },
    {
      rule: 'nccl',
      code: 134,
      text: '[E ProcessGroupNCCL.cpp:475] [Rank 1] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=77, OpType=ALLREDUCE) ran for 1800765 milliseconds before timing out.',
    },
    {
      rule: 'cuda-library-missing',
      code: 1,
      text: python('ImportError: libcudnn.so.9: cannot open shared object file: No such file or directory'),
      says: 'libcudnn.so.9',
    },
    { rule: 'illegal-instruction', code: 132, text: '' },
    { rule: 'aborted', code: 134, text: 'something native' },
    { rule: 'out-of-memory', code: 137, text: 'epoch 7' },
    { rule: 'segmentation-fault', code: 139, text: '' },
    { rule: 'terminated', code: 143, text: 'epoch 7' },
    { rule: 'command-not-executable', code: 126, text: '' },
    { rule: 'command-not-found', code: 127, text: '' },
  ])('exit $code is $rule: $text', ({ rule, code, text, says }) => {
    expect(ruleOf(code, text)).toBe(rule);
    if (says !== undefined) expect(knownMeaning(status(code), '', text.split('\n'))?.text).toContain(says);
  });
});

describe('nothing is known of', () => {
  test.each<{ name: string; code: number; text: string }>([
    { name: 'an exception of the program', code: 1, text: python('ValueError: x') },
    { name: 'an exit of 1 without a word', code: 1, text: '' },
    { name: 'an exit of 2 without a word', code: 2, text: '' },
    {
      name: 'what a program survived before it failed for something else',
      code: 1,
      text: `${python("ModuleNotFoundError: No module named 'apex'")}\nfalling back to torch\n${python('ValueError: x')}`,
    },
    {
      name: 'what led to an exception that says something else',
      code: 1,
      text: `${python('RuntimeError: CUDA out of memory.')}\n\nDuring handling of the above exception, another exception occurred:\n\n${python('ValueError: x')}`,
    },
    {
      name: 'a warning long before the end',
      code: 1,
      text: ['x: command not found', ...Array(20).fill('epoch'), python('ValueError: x')].join('\n'),
    },
    {
      name: 'a command that was not found by a script that went on',
      code: 1,
      text: '/bin/sh: 1: nvidia-smi: not found\nepoch 1\nloss is nan, giving up',
    },
    {
      name: 'words in the log',
      code: 1,
      text: 'hint: if you meet a Bus error, mind /dev/shm\nconfig: not found\nKilled the old process',
    },
  ])('$name', ({ code, text }) => {
    expect(ruleOf(code, text)).toBeUndefined();
  });
});

describe('what counts', () => {
  test('is the memory, where the service says so, whatever the lines say', () => {
    const exit = exitOf('The replica workerpool0-0 ran out of memory and exited with a non-zero status of 137.');
    expect(knownMeaning(exit, '', ["ModuleNotFoundError: No module named 'x'"])?.rule).toBe('out-of-memory');
  });

  test('of a program that a signal ended is not an exception that it survived', () => {
    const text = [python("ModuleNotFoundError: No module named 'apex'"), ...Array(30).fill('epoch')].join('\n');
    expect(ruleOf(137, text)).toBe('out-of-memory');
  });

  test('is the exception of the process, not that of what launched it', () => {
    const child = python("ModuleNotFoundError: No module named 'einops'").replaceAll(/^/gm, '[rank0]: ');
    const launcher = python(
      'torch.distributed.elastic.multiprocessing.errors.ChildFailedError: \n====\ntrain.py FAILED\n----\nFailures:\n  <NO_OTHER_FAILURES>\n----\nRoot Cause (first observed failure):\n[0]:\n  exitcode  : 1 (pid: 7)',
    );
    expect(ruleOf(1, `${child}\nE1101 failed (exitcode: 1) local_rank: 0\n${launcher}`)).toBe('module-missing');
    expect(ruleOf(1, `train.py: error: unrecognized arguments: --lr=1\n${launcher}`)).toBe('unknown-argument');
  });

  test('of a container that did not start is what the service quotes', () => {
    const message = (tail: string) =>
      `The replica workerpool0-0 exited with a non-zero status of 128. Termination reason: StartError. \n Termination log message: failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${tail}: unknown`;
    const rule = (tail: string) => knownMeaning(exitOf(message(tail)), message(tail), []);
    expect(rule('exec: "trainer.task": executable file not found in $PATH')).toMatchObject({
      rule: 'command-not-found',
      text: expect.stringContaining('no program trainer.task'),
    });
    expect(rule('exec: "/app/train.sh": stat /app/train.sh: no such file or directory')?.rule).toBe(
      'command-not-found',
    );
    expect(rule('exec: "/app/train.sh": permission denied')).toMatchObject({
      rule: 'command-not-executable',
      text: expect.stringContaining('/app/train.sh'),
    });
    expect(rule('exec /app/train: exec format error')?.rule).toBe('exec-format');
  });
});

test('no line from outside throws, takes long, or is more than a line of the mend', () => {
  const hostile = [
    ' '.repeat(200_000),
    'lib'.repeat(80_000),
    `exec ${'a'.repeat(200_000)}`,
    `exec: "${'"'.repeat(100_000)}`,
    'sh: '.repeat(60_000),
  ];
  const before = process.cpuUsage().user;
  for (const line of hostile) expect(lineMeaning([line], 1)).toBeUndefined();
  expect((process.cpuUsage().user - before) / 1_000).toBeLessThan(2_000);
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), fc.integer({ min: 0, max: 255 }), (lines, code) => {
      const meaning = knownMeaning(status(code), lines.join(' '), lines);
      expect(meaning === undefined || meaning.text.length < 3_000).toBe(true);
    }),
  );
});
