import type { Rule } from '../../code/rules.ts';

/** Every rule about the writing of a Dockerfile, by name. */
export const RULES: readonly Rule[] = [
  { name: 'base-image-name', meaning: 'The base is no name of an image.' },
  {
    name: 'base-image-system',
    meaning: 'The base lacks something that only apt-get would install, and its system has no apt-get.',
  },
  { name: 'entry-program', meaning: 'It cannot be told which program of the repository trains.' },
  { name: 'python-version', meaning: 'The wanted Python is no version that can be installed.' },
  { name: 'requirements-missing', meaning: 'No file names the packages that the program needs.' },
  { name: 'requirements-name', meaning: 'The name of a requirement file means something to Docker or a shell.' },
  { name: 'requirements-outside-context', meaning: 'A requirement file lies outside the build context.' },
  { name: 'secret-unused', meaning: 'A build secret has no known place in a written Dockerfile.' },
];
