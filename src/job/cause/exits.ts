import type { ReplicaExit } from './exit.ts';
import type { Meaning } from './meaning.ts';

const MEMORY =
  'Load less at a time, lower the number of data loader workers, or take a machine with more memory; on the smallest machines Vertex AI itself takes up to 40 %.';

/** Exit codes whose meaning is the shell's or the kernel's: 128 and the number of the signal. */
const CODES: Readonly<Record<number, Meaning>> = {
  126: {
    rule: 'command-not-executable',
    text: 'The command was found but could not be executed. Set its bit (RUN chmod +x), and check its first line.',
  },
  127: {
    rule: 'command-not-found',
    text: 'The command was not found in the image. Check the ENTRYPOINT and CMD of the Dockerfile and the inputs command and args.',
  },
  132: {
    rule: 'illegal-instruction',
    text: 'The program used an instruction that this processor does not have (SIGILL): a library was compiled for a newer one. Take another machine type, or a build for all processors.',
  },
  134: {
    rule: 'aborted',
    text: 'The program aborted itself (SIGABRT), as native libraries do when they meet a fault. Its last lines tell which. Vertex AI tries such a job again unless disable_retries forbids it.',
  },
  135: {
    rule: 'shared-memory',
    text: 'The program met a bus error (SIGBUS), mostly as the shared memory (/dev/shm) was full. Lower the number of data loader workers.',
  },
  136: { rule: 'arithmetic', text: 'Native code divided by zero or the like (SIGFPE). Its last lines tell where.' },
  137: {
    rule: 'out-of-memory',
    text: `The program was killed (SIGKILL). Where nobody cancelled it, the machine's memory was full. ${MEMORY}`,
  },
  139: {
    rule: 'segmentation-fault',
    text: 'Native code crashed (SIGSEGV), often as libraries of different builds met. PYTHONFAULTHANDLER=1 in env shows the Python lines that led there. Vertex AI tries such a job again unless disable_retries forbids it.',
  },
  143: {
    rule: 'terminated',
    text: 'The program was told to end (SIGTERM): by a cancel, the timeout, another replica that had failed, or a machine that was taken away.',
  },
};

/** What an exit code means; 1 and the like are the program's own affair. */
export function exitMeaning({ code, outOfMemory }: ReplicaExit): Meaning | undefined {
  if (outOfMemory) return { rule: 'out-of-memory', text: `The machine's memory was full. ${MEMORY}` };
  return code === undefined ? undefined : CODES[code];
}
