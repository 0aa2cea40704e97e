// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what a Dockerfile holds
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { outsideImages } from '../../../../src/plan/image/base/outside-images.ts';
import { dockerfileFindings, type GivenBase, requirementsOf } from './given.ts';

const TAKES = 'ARG BASE_IMAGE=python:3.12-slim\nFROM ${BASE_IMAGE}\n';
const CUDA = 'FROM nvidia/cuda:12.6.3-cudnn-runtime-ubuntu22.04\n';
const NOBLE = 'FROM nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04\n';

interface Case extends GivenBase {
  readonly name: string;
  readonly text: string;
  readonly target?: string;
  readonly errors?: string[];
  readonly warnings?: string[];
}

function expectFound({ name: _, errors = [], warnings = [], ...given }: Case) {
  expect(dockerfileFindings(given)).toEqual({ errors, warnings });
}

describe('a GPU job on an image without CUDA', () => {
  const mend = 'Write ARG BASE_IMAGE and FROM $BASE_IMAGE, and an image with CUDA is chosen.';
  const idle = (base: string, seen: string) =>
    `Dockerfile:1: ${base} has no CUDA, the job has L4, and ${seen}: the GPU would be paid for and idle. ${mend} Or leave the accelerator away. [base-without-cuda]`;
  test.each<Case>([
    {
      name: 'the wheels bring it',
      text: 'FROM python:3.12-slim',
      requirements: requirementsOf('torch==2.8.0'),
      warnings: [
        "Dockerfile:1: python:3.12-slim has no CUDA; torch 2.8.0 brings CUDA 12.8 and cuDNN 9. /usr/local/nvidia/lib64, where Vertex AI has the driver, is added to the image's LD_LIBRARY_PATH. [base-without-cuda]",
      ],
    },
    {
      name: 'nothing brings what a pinned framework needs',
      text: 'FROM python:3.12-slim',
      requirements: requirementsOf('tensorflow==2.18.0'),
      errors: [
        `Dockerfile:1: python:3.12-slim has no CUDA, and tensorflow 2.18.0 needs CUDA 12.5 and cuDNN 9.3: it would compute on the CPU. tensorflow[and-cuda]==2.18.0 brings its own. ${mend} [base-without-cuda]`,
      ],
    },
    {
      name: 'asked for as slim',
      text: TAKES,
      asked: 'slim',
      requirements: requirementsOf('tensorflow==2.18.0'),
      errors: [
        'Dockerfile:2: python:3.12-slim has no CUDA, and tensorflow 2.18.0 needs CUDA 12.5 and cuDNN 9.3: it would compute on the CPU. tensorflow[and-cuda]==2.18.0 brings its own. Leave base_image out, and an image with CUDA is chosen. [base-without-cuda]',
      ],
    },
    {
      name: 'an open version may be another build',
      text: 'FROM ubuntu:24.04',
      requirements: requirementsOf('tensorflow'),
      warnings: [
        `Dockerfile:1: ubuntu:24.04 has no CUDA, and tensorflow 2.21.0 needs CUDA 12.5 and cuDNN 9.3: it would compute on the CPU. tensorflow[and-cuda]==2.21.0 brings its own. ${mend} [base-without-cuda]`,
      ],
    },
    {
      name: 'nothing that is installed uses a GPU',
      text: 'FROM debian:bookworm',
      requirements: requirementsOf('scikit-learn==1.5.0'),
      errors: [idle('debian:bookworm', 'nothing that is installed uses one')],
    },
    {
      name: 'something may',
      text: 'FROM python:3.12',
      requirements: requirementsOf('catboost'),
      warnings: [idle('python:3.12', 'nothing is seen that brings it')],
    },
    {
      name: 'a RUN may bring something',
      text: 'FROM python:3.12\nRUN ./install.sh',
      requirements: requirementsOf('numpy'),
      warnings: [idle('python:3.12', 'nothing is seen that brings it')],
    },
    {
      name: 'no requirements are known',
      text: 'FROM tensorflow/tensorflow:2.18.0',
      warnings: [idle('tensorflow/tensorflow:2.18.0', 'nothing is seen that brings it')],
    },
    { name: 'CUDA is installed', text: 'FROM ubuntu:24.04\nRUN apt-get install -y cuda-toolkit-12-6' },
    {
      name: 'CUDA is copied',
      text: `${CUDA.replace('\n', ' AS c\n')}FROM python:3.12\nCOPY --from=c /usr/local/cuda /usr/local/cuda`,
    },
    { name: 'an image that is not known', text: 'FROM me/own', requirements: requirementsOf('tensorflow==2.18.0') },
    { name: 'a base that is not known', text: 'FROM $WHAT', requirements: requirementsOf('tensorflow==2.18.0') },
    { name: 'an image with CUDA', text: 'FROM pytorch/pytorch:2.8.0-cuda12.8-cudnn9-runtime' },
    { name: 'a CPU job', text: 'FROM python:3.12-slim', accelerator: undefined },
    {
      name: 'the stage that is built counts',
      text: 'FROM python:3.12 AS a\nFROM pytorch/pytorch AS b',
      target: 'b',
    },
  ])('$name', expectFound);
});

describe('an nvidia/cuda image that does not suit', () => {
  const mend = 'Write ARG BASE_IMAGE and FROM $BASE_IMAGE, and an image with CUDA is chosen.';
  test.each<Case>([
    {
      name: 'another major version of CUDA',
      text: 'FROM nvidia/cuda:12.6.3-cudnn-runtime-ubuntu22.04',
      requirements: requirementsOf('tensorflow==2.13.0'),
      errors: [
        `Dockerfile:1: tensorflow 2.13.0 needs CUDA 11.8 and cuDNN 8.6, and nvidia/cuda:12.6.3-cudnn-runtime-ubuntu22.04 has CUDA 12.6.3: it would compute on the CPU. ${mend} [base-cuda-mismatch]`,
      ],
    },
    {
      name: 'a cuDNN that the framework refuses',
      text: 'FROM nvidia/cuda:12.5.1-cudnn-runtime-ubuntu22.04',
      requirements: requirementsOf('tensorflow==2.18.0'),
      errors: [
        `Dockerfile:1: tensorflow 2.18.0 needs CUDA 12.5 and cuDNN 9.3, and nvidia/cuda:12.5.1-cudnn-runtime-ubuntu22.04 has cuDNN 9.2.1.18: it would compute on the CPU. tensorflow[and-cuda]==2.18.0 brings its own. ${mend} [base-cuda-mismatch]`,
      ],
    },
    {
      name: 'no cuDNN',
      text: 'FROM nvidia/cuda:12.6.3-base-ubuntu22.04',
      requirements: requirementsOf('tensorflow==2.18.0'),
      errors: [
        `Dockerfile:1: tensorflow 2.18.0 needs CUDA 12.5 and cuDNN 9.3, and nvidia/cuda:12.6.3-base-ubuntu22.04 has no cuDNN: it would compute on the CPU. tensorflow[and-cuda]==2.18.0 brings its own. ${mend} [base-cuda-mismatch]`,
      ],
    },
    {
      name: 'an older minor version',
      text: 'FROM nvidia/cuda:12.1.1-cudnn8-runtime-ubuntu22.04',
      requirements: requirementsOf('tensorflow==2.17.0'),
      warnings: [
        `Dockerfile:1: tensorflow 2.17.0 needs CUDA 12.3 and cuDNN 8.9, and nvidia/cuda:12.1.1-cudnn8-runtime-ubuntu22.04 is older: it may fail. tensorflow[and-cuda]==2.17.0 brings its own. ${mend} [base-cuda-mismatch]`,
      ],
    },
    {
      name: 'given as base_image',
      text: TAKES,
      asked: 'nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04',
      requirements: requirementsOf('jax[cuda12-local]==0.7.2'),
      errors: [
        'Dockerfile:2: jax 0.7.2 needs CUDA 12.1 and cuDNN 9.8, and nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04 has cuDNN 9.1.0.70: it would compute on the CPU. jax[cuda12] brings its own. Leave base_image out, and an image with CUDA is chosen. [base-cuda-mismatch]',
      ],
    },
    {
      name: 'the one that was chosen has been judged',
      text: TAKES,
      requirements: requirementsOf('tensorflow==2.17.0'),
    },
    {
      name: 'wheels that bring CUDA',
      text: 'FROM nvidia/cuda:12.2.2-base-ubuntu22.04',
      requirements: requirementsOf('torch==2.8.0'),
    },
    {
      name: 'cuDNN is installed',
      text: 'FROM nvidia/cuda:12.6.3-base-ubuntu22.04\nRUN apt-get install -y libcudnn9-cuda-12',
      requirements: requirementsOf('tensorflow==2.18.0'),
    },
    {
      name: 'CUDA for a job without a GPU',
      text: CUDA,
      accelerator: undefined,
      warnings: [
        'Dockerfile:1: nvidia/cuda:12.6.3-cudnn-runtime-ubuntu22.04 holds CUDA, and the job has no GPU: gigabytes are pulled, pushed and started for nothing. Write FROM $BASE_IMAGE, or a slim Python image. [cuda-base-on-cpu]',
      ],
    },
    { name: 'slim Python for a job without a GPU', text: TAKES, accelerator: undefined },
  ])('$name', expectFound);
});

describe('a GPU that nothing would use', () => {
  const idle = (line: number) =>
    `Dockerfile:${line}: nothing that is installed computes on a GPU, and the job has L4: it would be paid for and idle. Name the framework that uses it in the requirements, or leave the accelerator away. [gpu-idle]`;
  test.each<Case>([
    {
      name: 'on the chosen image',
      text: TAKES,
      requirements: requirementsOf('scikit-learn', 'pandas'),
      warnings: [idle(2)],
    },
    { name: 'on one of the own', text: CUDA, requirements: requirementsOf('numpy'), warnings: [idle(1)] },
    { name: 'a framework uses it', text: TAKES, requirements: requirementsOf('numpy', 'torch==2.8.0') },
    { name: 'a package that brings a framework', text: TAKES, requirements: requirementsOf('ultralytics') },
    { name: 'a package may use it', text: TAKES, requirements: requirementsOf('cupy-cuda12x') },
    { name: 'a RUN may bring something', text: `${CUDA}RUN ./install.sh`, requirements: requirementsOf('numpy') },
    { name: 'CUDA code is compiled', text: TAKES, requirements: requirementsOf('numpy'), compilesCuda: true },
    { name: 'nothing is known of the packages', text: TAKES },
    { name: 'an image that may hold a framework', text: 'FROM pytorch/pytorch', requirements: requirementsOf('numpy') },
    { name: 'a CPU job', text: TAKES, requirements: requirementsOf('numpy'), accelerator: undefined },
  ])('$name', expectFound);
});

describe('Python and pip on an image without them', () => {
  const none = (program: string, line = 2, base = 'nvidia/cuda:12.6.3-cudnn-runtime-ubuntu22.04') =>
    `Dockerfile:${line}:1: the RUN calls ${program}, and ${base} has no Python. Install one before: apt-get install -y python3-pip python-is-python3, or uv and uv python install. [pip-missing]`;
  const lacks = (program: string, mend: string, line = 3) =>
    `Dockerfile:${line}:1: the RUN calls ${program}, and no ${program} has been installed on nvidia/cuda:12.6.3-cudnn-runtime-ubuntu22.04. ${mend} [pip-missing]`;
  const APT = 'RUN apt-get update && apt-get install -y --no-install-recommends';
  test.each<Case>([
    { name: 'pip', text: `${CUDA}RUN pip install x`, errors: [none('pip')] },
    { name: 'pip3 in the exec form', text: `${CUDA}RUN ["pip3", "install", "x"]`, errors: [none('pip3')] },
    { name: 'python -m pip', text: `${CUDA}RUN python -m pip install x`, errors: [none('python')] },
    { name: 'python3', text: `${CUDA}RUN cd /app && python3 setup.py`, errors: [none('python3')] },
    { name: 'with its path', text: `${CUDA}RUN /usr/bin/pip3 install x`, errors: [none('pip3')] },
    { name: 'behind env and sudo', text: `${CUDA}RUN sudo env A=1 pip install x`, errors: [none('pip')] },
    { name: 'in a here-document', text: `${CUDA}RUN <<EOF\nset -e\npip install x\nEOF`, errors: [none('pip')] },
    {
      name: 'on Debian',
      text: 'FROM debian:trixie\nRUN pip install x',
      accelerator: undefined,
      errors: [none('pip', 2, 'debian:trixie')],
    },
    {
      name: 'on Ubuntu',
      text: 'FROM ubuntu\nRUN pip install x',
      accelerator: undefined,
      errors: [none('pip', 2, 'ubuntu')],
    },
    {
      name: 'a Dockerfile written for slim Python that is given nvidia/cuda',
      text: `${TAKES}RUN pip install -r requirements.txt`,
      requirements: requirementsOf('torch==2.8.0'),
      errors: [
        'Dockerfile:3:1: the RUN calls pip, and nvidia/cuda:12.8.1-base-ubuntu24.04 has no Python. Install one before: apt-get install -y python3-pip python-is-python3, or uv and uv python install. Or set base_image: slim, since the wheels bring CUDA. [pip-missing]',
      ],
    },
    {
      name: 'the same where the image has to bring CUDA',
      text: `${TAKES}RUN pip install -r requirements.txt`,
      requirements: requirementsOf('tensorflow==2.18.0'),
      errors: [none('pip', 3, 'nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04')],
    },
    { name: 'the same on a CPU', text: `${TAKES}RUN pip install -r requirements.txt`, accelerator: undefined },
    {
      name: 'in a stage that is copied from, told once',
      text: `${CUDA.replace('\n', ' AS b\n')}RUN pip install x\nFROM b AS c\nFROM c\nCOPY --from=b /x /x`,
      errors: [none('pip')],
    },
    { name: 'in a stage that is not built', text: `${CUDA}RUN pip install x\nFROM pytorch/pytorch` },
    {
      name: 'python3 without pip',
      text: `${CUDA}${APT} python3\nRUN pip3 install x`,
      errors: [lacks('pip3', 'Install python3-pip before.')],
    },
    {
      name: 'python3 -m pip without pip',
      text: `${CUDA}${APT} python3 curl\nRUN python3 -m pip install x`,
      errors: [lacks('pip', 'Install python3-pip before.')],
    },
    {
      name: 'Debian’s Python is called python3',
      text: `${CUDA}${APT} python3-pip\nRUN python train.py`,
      errors: [lacks('python', 'Install python-is-python3 before, or call python3.')],
    },
    { name: 'with both installed', text: `${CUDA}${APT} python3-pip python-is-python3\nRUN python -m pip install x` },
    { name: 'a package may depend on python3', text: `${CUDA}${APT} ninja-build\nRUN python3 -c 1` },
    { name: 'a link', text: `${CUDA}${APT} python3-pip\nRUN ln -s /usr/bin/python3 /usr/bin/python\nRUN python x` },
    { name: 'a package by a variable', text: `${CUDA}${APT} $PACKAGES\nRUN pip install x` },
    { name: 'a script', text: `${CUDA}COPY . .\nRUN ./setup.sh\nRUN pip install x` },
    { name: 'a script from the network', text: `${CUDA}RUN curl -fsSL https://x.org | sh\nRUN pip install x` },
    { name: 'conda', text: `${CUDA}RUN bash Miniconda3.sh -b && conda init\nRUN pip install x` },
    { name: 'uv’s Python', text: `${CUDA}RUN uv python install 3.12 && uv venv\nRUN pip install x` },
    { name: 'a copied Python', text: `${CUDA}COPY --from=python:3.12 /usr/local /usr/local\nRUN pip install x` },
    { name: 'an archive, which ADD unpacks', text: `${CUDA}ADD cpython.tar.xz /opt\nRUN pip install x` },
    { name: 'an environment of the context', text: `${CUDA}COPY .venv /opt/venv\nRUN pip install x` },
    { name: 'a PATH to an environment', text: `${CUDA}COPY . .\nENV PATH=/app/venv/bin:$PATH\nRUN pip install x` },
    {
      name: 'other files',
      text: `${CUDA}COPY requirements.txt .\nENV PATH=/app/bin:$PATH\nRUN pip install -r requirements.txt`,
      errors: [none('pip', 4)],
    },
    {
      name: 'uv alone is none',
      text: `${CUDA}COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /uvx /bin/\nRUN uv pip install --system x\nRUN pip install y`,
      errors: [none('pip', 4)],
    },
    { name: 'another shell', text: `${CUDA}SHELL ["conda", "run", "/bin/bash", "-c"]\nRUN pip install x` },
    { name: 'a failure that is caught', text: `${CUDA}RUN pip --version || true` },
    { name: 'a mere question', text: `${CUDA}RUN command -v pip; which python` },
    { name: 'an image that has Python', text: 'FROM python:3.12\nRUN pip install x', accelerator: undefined },
    { name: 'an image that is not known', text: 'FROM me/own\nRUN pip install x' },
  ])('$name', expectFound);
});

describe('a Python that refuses pip', () => {
  const APT = 'RUN apt-get update && apt-get install -y python3-pip\n';
  const refused = (line: number, base = 'nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04') =>
    `Dockerfile:${line}: pip installs into the Python of ${base}, which refuses with "externally-managed-environment". Make a virtual environment (python3 -m venv /opt/venv and ENV PATH=/opt/venv/bin:$PATH), or set ENV PIP_BREAK_SYSTEM_PACKAGES=1. [pip-externally-managed]`;
  test.each<Case>([
    { name: 'on Ubuntu 24.04', text: `${NOBLE}${APT}RUN pip3 install x`, errors: [refused(3)] },
    { name: 'as a module', text: `${NOBLE}${APT}RUN python3 -m pip install x`, errors: [refused(3)] },
    {
      name: 'on Debian 12',
      text: `FROM debian:12-slim\n${APT}RUN pip install x`,
      accelerator: undefined,
      errors: [refused(3, 'debian:12-slim')],
    },
    { name: 'not on Ubuntu 22.04', text: `${CUDA}${APT}RUN pip install x` },
    {
      name: 'not on Debian 11',
      text: `FROM debian:bullseye\n${APT}RUN pip install x`,
      accelerator: undefined,
      warnings: [
        'Dockerfile:1: debian:bullseye has Debian bullseye, which gets no security fixes any more. Take a later one. [base-retired]',
      ],
    },
    { name: 'with the option', text: `${NOBLE}${APT}RUN pip install --break-system-packages x` },
    { name: 'with the variable', text: `${NOBLE}ENV PIP_BREAK_SYSTEM_PACKAGES=1\n${APT}RUN pip install x` },
    { name: 'with the variable in place', text: `${NOBLE}${APT}RUN PIP_BREAK_SYSTEM_PACKAGES=1 pip install x` },
    { name: 'without the mark', text: `${NOBLE}${APT}RUN rm /usr/lib/python3*/EXTERNALLY-MANAGED && pip install x` },
    { name: 'into a folder', text: `${NOBLE}${APT}RUN pip install --target=/app x` },
    { name: 'a mere download', text: `${NOBLE}${APT}RUN pip download x` },
    { name: 'in an environment', text: `${NOBLE}${APT}RUN python3 -m venv /v && . /v/bin/activate && pip install x` },
  ])('$name', expectFound);
});

describe('retired images', () => {
  const retired = (base: string, why: string) => `Dockerfile:1: ${base} ${why}. Take a later one. [base-retired]`;
  const cuda11 = 'has CUDA 11, which NVIDIA has ended: its tags are deleted six months later';
  test.each([
    { base: 'nvidia/cuda', why: 'names no CUDA release, and nvidia/cuda has no tag latest' },
    { base: 'docker.io/nvidia/cuda:latest', why: 'names no CUDA release, and nvidia/cuda has no tag latest' },
    { base: 'nvidia/cuda:11.8.0-base-ubuntu22.04', why: cuda11 },
    { base: 'nvcr.io/nvidia/cuda:11.8.0-base-ubuntu22.04', why: cuda11 },
    { base: 'nvidia/cuda:12.4.1-base-ubuntu20.04', why: 'has Ubuntu 20.04, which gets no security fixes any more' },
    { base: 'python:3.9-slim', why: 'has Python 3.9, which gets no security fixes any more' },
    { base: 'ubuntu:bionic', why: 'has Ubuntu 18.04, which gets no security fixes any more' },
    { base: 'debian:10-slim', why: 'has Debian buster, which gets no security fixes any more' },
  ])('$base', ({ base, why }) => {
    const accelerator = base.includes('cuda') ? 'NVIDIA_L4' : undefined;
    const text = `FROM ${base}`;
    expect(dockerfileFindings({ text, accelerator }).warnings).toEqual([retired(base, why)]);
  });

  test.each(['nvidia/cuda:12.6.3-base-ubuntu24.04', 'nvidia/cuda:13.0.0-base-rockylinux9', 'me/python:3.8'])(
    'not %s',
    (base) => {
      expect(dockerfileFindings({ text: `FROM ${base}` }).warnings).toEqual([]);
    },
  );
});

describe('a compiler for CUDA', () => {
  const requirements = requirementsOf('torch==2.8.0', 'flash-attn==2.8.3');
  test.each<Case>([
    {
      name: 'none',
      text: CUDA,
      requirements,
      warnings: [
        'Dockerfile:1: flash-attn is compiled with CUDA, and no stage has nvcc: nvidia/cuda:12.6.3-cudnn-runtime-ubuntu22.04 is no devel image. Build on one (FROM nvidia/cuda:…-cudnn-devel-…), in a stage of its own where the final image is to stay small. [compiler-missing]',
      ],
    },
    { name: 'the one that is chosen', text: TAKES, requirements },
    {
      name: 'in another stage',
      text: `FROM nvidia/cuda:12.8.1-devel-ubuntu24.04 AS b\n${CUDA}COPY --from=b /opt/venv /opt/venv`,
      requirements,
    },
    { name: 'installed', text: `${CUDA}RUN apt-get install -y cuda-nvcc-12-6`, requirements },
    { name: 'an image that is not known', text: 'FROM me/own', requirements },
    { name: 'nothing is compiled', text: CUDA, requirements: requirementsOf('torch==2.8.0') },
  ])('$name', expectFound);
});

test('any Dockerfile is judged, and nothing throws', () => {
  const words = [
    'FROM',
    'nvidia/cuda:12.6.3-base-ubuntu24.04',
    'ubuntu',
    'AS',
    'a',
    'RUN',
    'pip',
    'install',
    'python3',
    '-m',
  ];
  const more = [
    'apt-get',
    'COPY',
    '--from=a',
    '--from=b/c',
    '/x',
    'ENV',
    'PATH=${A}',
    'ARG',
    'A',
    '&&',
    '||',
    '<<EOF',
    '"',
    '\\',
  ];
  const line = fc.array(fc.oneof(fc.constantFrom(...words, ...more), fc.string({ maxLength: 5 })), { maxLength: 8 });
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 12 }),
      fc.constantFrom(undefined, 'NVIDIA_L4' as const),
      (lines, accelerator) => {
        const text = `FROM ubuntu AS a\n${lines.map((each) => each.join(' ')).join('\n')}`;
        const { errors, warnings } = dockerfileFindings({
          text,
          accelerator,
          requirements: requirementsOf('tensorflow==2.18.0'),
        });
        for (const each of [...errors, ...warnings]) expect(each).toMatch(/^Dockerfile:\d+(?::\d+)?: .* \[[a-z-]+\]$/s);
        for (const image of outsideImages(text, {}, undefined)) expect(image).not.toBe('');
      },
    ),
    { numRuns: 300 },
  );
});

test('a long line takes no long time', () => {
  const text = `FROM ubuntu\nRUN pip install ${'x'.repeat(80_000)}\nRUN echo ${'whl/'.repeat(2_000)}`;
  const steps = dockerfileFindings({ text, requirements: requirementsOf('numpy') });
  expect(steps.errors).toHaveLength(1);
});

test.each(['', '# nothing', 'RUN pip install x', 'FROM', 'FROM ${', `FROM a\n${'RUN x\n'.repeat(3000)}`])(
  'a Dockerfile that cannot be read says nothing',
  (text) => {
    expect(dockerfileFindings({ text })).toEqual({ errors: [], warnings: [] });
  },
);
