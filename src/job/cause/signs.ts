import type { Sign } from './meaning.ts';
import { GPU_SIGNS } from './signs-gpu.ts';

const SHM =
  'The shared memory (/dev/shm) that the workers of a data loader pass batches through is full. Lower num_workers, or call torch.multiprocessing.set_sharing_strategy("file_system") at the start of the program.';

/** Lines of the program's start: what the container was to run, and with which arguments. */
const START_SIGNS: readonly Sign[] = [
  {
    rule: 'exec-format',
    sign: /exec:? (?:user process caused: )?"?([^\s:"]*)"?:? ?(?:[^\n]{0,200}: )?exec format error|\[Errno 8\] Exec format error: '([^']+)'/,
    means: (one, other) => execFormat((one || other) ?? ''),
  },
  {
    rule: 'command-not-executable',
    sign: /exec: "([^"]+)": permission denied/,
    means: notExecutable,
  },
  {
    rule: 'command-not-executable',
    sign: /^\S*sh: (?:(?:line )?\d+: )?(\S+): Permission denied$/,
    codes: [126],
    means: notExecutable,
  },
  {
    rule: 'line-endings',
    sign: /env: [‘'"]?\w+\\r[’'"]?: No such file|\^M: bad interpreter|\$'\\r': command not found/,
    means: () =>
      'The script that the container starts has Windows line ends. Give it LF ends: `*.sh text eol=lf` in .gitattributes.',
  },
  {
    rule: 'command-not-found',
    sign: /exec: "([^"]+)": (?:executable file not found in \$PATH|stat [^\n]*no such file or directory)/,
    means: notFound,
  },
  {
    rule: 'command-not-found',
    sign: /^\S*sh: (?:(?:line )?\d+: )?(\S+): (?:command )?not found$/,
    codes: [127],
    means: notFound,
  },
  {
    rule: 'file-not-in-image',
    sign: /can't open file '?([^':]+)'?: \[Errno 2\]/,
    means: (file = '') =>
      `${file} is not in the image at that place. Check what the Dockerfile copies, .dockerignore, and WORKDIR.`,
  },
  {
    rule: 'unknown-argument',
    sign: /error: unrecognized arguments: (.+)$|No such option:? ['"]?(--?[\w-]+)/,
    means: (one, other) =>
      `The program does not know ${one ?? other}. Each parameter of a study is given as --NAME=VALUE, with the name as it is written in parameters.`,
  },
  {
    rule: 'argument-missing',
    sign: /error: the following arguments are required: (.+)$|Missing (?:option|argument) ['"]?([\w-]+)/,
    means: (one, other) => `The program needs ${one ?? other}, and was not given it. Give it in args or parameters.`,
  },
];

/** Lines of Python, its packages, and the machine. */
const PROGRAM_SIGNS: readonly Sign[] = [
  {
    rule: 'module-missing',
    sign: /(?:ModuleNotFoundError|ImportError): No module named '?([\w.]+)'?/,
    means: (module = '') =>
      `The module ${module} is not in the image. Name its package in the requirements, or copy it where Python looks (PYTHONPATH, WORKDIR).`,
  },
  {
    rule: 'library-missing',
    sign: /(lib\S+\.so[.\d]*): cannot open shared object file: No such file or directory/,
    means: (library = '') =>
      `The system library ${library} is not in the image. Install its package in the Dockerfile (libGL.so.1 is in libgl1, libgomp.so.1 in libgomp1).`,
  },
  {
    rule: 'glibc-too-old',
    sign: /version `(GLIBC(?:XX)?_[\d.]+)' not found/,
    means: (version = '') =>
      `A library was built on a newer system than the image's: it wants ${version}. Take a newer base image, or an older release of that library.`,
  },
  {
    rule: 'bucket-permission',
    sign: /PermissionError: \[Errno 13\] [^:]+: '(\/gcs\/[^'/]+)|(\S+@\S+\.gserviceaccount\.com) does not have (storage\.\S+) access/,
    means: bucketMeans,
  },
  {
    rule: 'bucket-not-found',
    sign: /No such file or directory: '(\/gcs\/[^'/]+)/,
    means: (bucket = '') =>
      `Under ${bucket} there is no such file for the job. Check its name, and that job_service_account may read the bucket: one that it may not read is not to be seen there.`,
  },
  {
    rule: 'scopes',
    sign: /Request had insufficient authentication scopes|ACCESS_TOKEN_SCOPE_INSUFFICIENT/,
    means: () =>
      "The job's default identity may not use Google Cloud's APIs at large. Give job_service_account, with the roles that the program needs.",
  },
  {
    rule: 'disk-full',
    sign: /No space left on device(?!.*\/dev\/shm)/,
    means: () => "The machine's disk is full. Give a larger boot disk (boot_disk_size_gb), or write to Cloud Storage.",
  },
  {
    rule: 'shared-memory',
    sign: /out of shared memory|insufficient shared memory|No space left on device.*\/dev\/shm|\/dev\/shm\/\S+.*No space left|killed by signal: Bus error/,
    means: () => SHM,
  },
  {
    rule: 'worker-killed',
    sign: /DataLoader worker \(pid\(?s?\)? [\d, ]+\) is killed by signal: Killed/,
    means: () =>
      "A worker of the data loader was killed, mostly as the machine's memory was full. Lower num_workers, or take a machine with more memory.",
  },
  {
    rule: 'out-of-memory',
    sign: /^MemoryError|numpy\.(?:_?core\.)?_exceptions\._ArrayMemoryError|^Killed$|std::bad_alloc/,
    means: () => "The machine's memory was full. Load less at a time, or take a machine with more memory.",
  },
];

/** In this order: the first that a line shows counts. */
export const SIGNS: readonly Sign[] = [
  ...START_SIGNS,
  ...GPU_SIGNS,
  // Full shared memory speaks of a full device too.
  ...PROGRAM_SIGNS.filter(({ rule }) => rule === 'shared-memory'),
  ...PROGRAM_SIGNS.filter(({ rule }) => rule !== 'shared-memory'),
];

function notFound(program: string | undefined): string {
  return `There is no program ${program} in the image. Check the ENTRYPOINT and CMD of the Dockerfile and the inputs command and args: a command with arguments is a list, one item for each.`;
}

function notExecutable(program: string | undefined): string {
  return `${program} is in the image but may not be executed. Set its bit (RUN chmod +x), or start it by its interpreter.`;
}

function execFormat(program: string): string {
  const name = program === '' ? 'What the container starts' : program;
  if (/\.(?:sh|py)$/.test(program)) {
    return `${name} is a script without an interpreter in its first line (#!/bin/bash), or its interpreter is for another processor. Add the line, or start it by its interpreter.`;
  }
  return `${name} is built for another processor: Vertex AI runs linux/amd64. Build the image with --platform=linux/amd64 (an Arm Mac builds for itself). A script needs #!/bin/bash as its first line.`;
}

function bucketMeans(bucket: string | undefined, account: string | undefined, permission: string | undefined): string {
  if (bucket !== undefined) {
    return `The job may not do that in ${bucket}. Grant job_service_account (or, without it, the Custom Code Service Agent) roles/storage.objectUser on the bucket.`;
  }
  return `${account} lacks ${permission}. Grant it roles/storage.objectUser on the bucket.`;
}
