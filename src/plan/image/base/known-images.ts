/** What the name of an image tells of it; undefined is not known. */
export interface ImageFacts {
  readonly os: 'debian' | 'ubuntu' | 'unknown';
  readonly hasPython: boolean | undefined;
  readonly hasCuda: boolean | undefined;
  /** Of an nvidia/cuda image. */
  readonly cuda: CudaFacts | undefined;
  /** The release of Ubuntu (`24.04`), Debian (`bookworm`) or Python (`3.12`) that the tag names, with its distribution. */
  readonly release: { readonly of: 'ubuntu' | 'debian' | 'python'; readonly version: string } | undefined;
}

export interface CudaFacts {
  /** `12.8.1`; undefined where there is no tag, or `latest`. */
  readonly version: string | undefined;
  readonly flavour: 'base' | 'runtime' | 'devel' | undefined;
  /** Whether the tag says that cuDNN is in it. */
  readonly cudnn: boolean;
}

const UNKNOWN: ImageFacts = {
  os: 'unknown',
  hasPython: undefined,
  hasCuda: undefined,
  cuda: undefined,
  release: undefined,
};

/** Reads an image's name. */
export function imageFacts(image: string): ImageFacts {
  const { repository, tag } = nameOf(image);
  return FAMILIES.find(({ pattern }) => pattern.test(repository))?.read(tag) ?? UNKNOWN;
}

function nameOf(image: string): { repository: string; tag: string } {
  const bare = image.replace(/@sha256:.*$/, '');
  const cut = bare.lastIndexOf(':') > bare.lastIndexOf('/') ? bare.lastIndexOf(':') : bare.length;
  // Names on Docker Hub and on its mirrors are one.
  const repository = bare
    .slice(0, cut)
    .replace(/^(?:(?:index\.|registry-1\.)?docker\.io|mirror\.gcr\.io|public\.ecr\.aws\/docker)\//, '')
    .replace(/^library\//, '');
  return { repository, tag: bare.slice(cut + 1) };
}

interface Family {
  readonly pattern: RegExp;
  readonly read: (tag: string) => ImageFacts;
}

const DEBIAN = /\b(jessie|stretch|buster|bullseye|bookworm|trixie|forky|sid)\b/;
const UBUNTU: Readonly<Record<string, string>> = {
  trusty: '14.04',
  xenial: '16.04',
  bionic: '18.04',
  focal: '20.04',
  jammy: '22.04',
  noble: '24.04',
};

const FAMILIES: readonly Family[] = [
  { pattern: /^(?:nvcr\.io\/)?nvidia\/cuda$/, read: ofCuda },
  { pattern: /^python$/, read: ofPython },
  { pattern: /^(?:ubuntu|public\.ecr\.aws\/ubuntu\/ubuntu)$/, read: ofUbuntu },
  { pattern: /^debian$/, read: ofDebian },
  { pattern: /^(?:alpine|busybox|fedora|rockylinux|almalinux|amazonlinux|centos|buildpack-deps)$/, read: bare },
  { pattern: /^ghcr\.io\/astral-sh\/uv$/, read: ofUv },
  { pattern: /^(?:pytorch\/pytorch|nvcr\.io\/nvidia\/(?:pytorch|tensorflow|jax))$/, read: () => full(true) },
  { pattern: /^tensorflow\/tensorflow$/, read: (tag) => full(/gpu/.test(tag)) },
  { pattern: /^(?:us|europe|asia)-docker\.pkg\.dev\/vertex-ai\/training\/[\w-]*gpu/, read: () => full(true) },
  { pattern: /^(?:us|europe|asia)-docker\.pkg\.dev\/vertex-ai\/training\/[\w-]*cpu/, read: () => full(false) },
  { pattern: /^(?:continuumio\/(?:mini|ana)conda3|condaforge\/(?:miniforge3|mambaforge))$/, read: () => full(false) },
];

function full(hasCuda: boolean): ImageFacts {
  return { ...UNKNOWN, hasPython: true, hasCuda };
}

function bare(): ImageFacts {
  return { ...UNKNOWN, hasCuda: false };
}

function ofCuda(tag: string): ImageFacts {
  const version = /^\d+\.\d+(?:\.\d+)?/.exec(tag)?.[0];
  const flavour = (['base', 'runtime', 'devel'] as const).find((one) => tag.split('-').includes(one));
  const ubuntu = /ubuntu(\d\d)\.?(\d\d)/.exec(tag);
  return {
    os: ubuntu === null ? 'unknown' : 'ubuntu',
    hasPython: ubuntu === null ? undefined : false,
    hasCuda: true,
    cuda: { version, flavour, cudnn: /-cudnn\d*-/.test(tag) },
    release: ubuntu === null ? undefined : { of: 'ubuntu', version: `${ubuntu[1]}.${ubuntu[2]}` },
  };
}

function ofPython(tag: string): ImageFacts {
  const version = /^\d+\.\d+/.exec(tag)?.[0];
  const os = /alpine|windows/.test(tag) ? 'unknown' : 'debian';
  const release = version === undefined ? undefined : ({ of: 'python', version } as const);
  return { os, hasPython: true, hasCuda: false, cuda: undefined, release };
}

function ofUbuntu(tag: string): ImageFacts {
  const version = /^\d\d\.\d\d/.exec(tag)?.[0] ?? UBUNTU[/^[a-z]+/.exec(tag)?.[0] ?? ''];
  const release = version === undefined ? undefined : ({ of: 'ubuntu', version } as const);
  return { os: 'ubuntu', hasPython: false, hasCuda: false, cuda: undefined, release };
}

function ofDebian(tag: string): ImageFacts {
  const version = DEBIAN.exec(tag)?.[1] ?? DEBIAN_NUMBERS[/^\d+/.exec(tag)?.[0] ?? ''];
  const release = version === undefined ? undefined : ({ of: 'debian', version } as const);
  return { os: 'debian', hasPython: false, hasCuda: false, cuda: undefined, release };
}

const DEBIAN_NUMBERS: Readonly<Record<string, string>> = {
  '8': 'jessie',
  '9': 'stretch',
  '10': 'buster',
  '11': 'bullseye',
  '12': 'bookworm',
  '13': 'trixie',
};

/** uv's own images: on Debian with or without a Python, or with uv alone. */
function ofUv(tag: string): ImageFacts {
  const hasPython = /python\d/.test(tag) ? true : undefined;
  return { ...UNKNOWN, os: DEBIAN.test(tag) ? 'debian' : 'unknown', hasPython, hasCuda: false };
}
