import { createHash } from 'node:crypto';

/** How a stand-in for a base image that cannot be pulled is made: what is in it and what its environment says. */
export interface StandIn {
  /** Stand-ins of one kind share their files. */
  readonly kind: 'python' | 'cuda';
  /** How it differs from the real one, for messages. */
  readonly is: string;
  /** Debian packages beside the minimal system's. */
  readonly packages: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cmd: readonly string[];
}

/** Raised when the making of the files changes, so that older stand-ins are made anew. */
export const RECIPE_VERSION = 1;
/** Stand-ins carry this label; its value tells what they were made from. */
export const STAND_IN_LABEL = 'train-on-vertex.stand-in';

const CA_BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const CERTIFICATES = { PIP_CERT: CA_BUNDLE, SSL_CERT_FILE: CA_BUNDLE };
const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

function pythonStandIn(): StandIn {
  return {
    kind: 'python',
    is: `a minimal Debian with Debian's own Python`,
    packages: ['ca-certificates', 'python3', 'python3-pip', 'python3-venv'],
    env: { PATH: `/usr/local/bin:/usr/local/sbin:${SYSTEM_PATH}`, LANG: 'C.UTF-8', ...CERTIFICATES },
    cmd: ['python3'],
  };
}

/**
 * The environment of NVIDIA's own images (gitlab nvidia/container-images/cuda, dist/<version>/<os>/base/Dockerfile), with
 * NVIDIA_REQUIRE_CUDA in its plain form: without the list of brands and older drivers that are let through too.
 */
function cudaStandIn(version: string): StandIn {
  const [major = '12', minor = '0'] = version.split('.');
  return {
    kind: 'cuda',
    is: 'a minimal Debian without CUDA and, as the real one, without Python',
    packages: ['ca-certificates'],
    env: {
      PATH: `/usr/local/nvidia/bin:/usr/local/cuda/bin:/usr/local/sbin:/usr/local/bin:${SYSTEM_PATH}`,
      LD_LIBRARY_PATH: '/usr/local/nvidia/lib:/usr/local/nvidia/lib64',
      CUDA_VERSION: version,
      NVIDIA_REQUIRE_CUDA: `cuda>=${major}.${minor}`,
      NVIDIA_VISIBLE_DEVICES: 'all',
      NVIDIA_DRIVER_CAPABILITIES: 'compute,utility',
      ...CERTIFICATES,
    },
    cmd: ['/bin/bash'],
  };
}

/** The stand-in for an image name, or undefined for a name of no known kind. */
export function standInFor(name: string): StandIn | undefined {
  const cuda = /(?:^|\/)nvidia\/cuda:(\d+(?:\.\d+)+)/.exec(name)?.[1];
  if (cuda !== undefined) return cudaStandIn(cuda);
  return /(?:^|\/)python:3(?:\.\d+)*-slim/.test(name) ? pythonStandIn() : undefined;
}

/** The stand-in label's value: the fingerprint of its files together with its settings. */
export function labelOf(standIn: StandIn, files: string): string {
  return createHash('sha256')
    .update(JSON.stringify([files, standIn.env, standIn.cmd]))
    .digest('hex')
    .slice(0, 16);
}

/** The Dockerfile instructions that `docker import` adds to the files. */
export function importChanges(standIn: StandIn, label: string): string[] {
  const env = Object.entries(standIn.env).map(([key, value]) => `ENV ${key}=${JSON.stringify(value)}`);
  const all = [...env, `LABEL ${STAND_IN_LABEL}=${label}`, `CMD ${JSON.stringify(standIn.cmd)}`];
  return all.flatMap((change) => ['--change', change]);
}
