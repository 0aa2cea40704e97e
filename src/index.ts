import * as core from '@actions/core';
import { main } from './main.ts';
import { post } from './post.ts';

/** The runner starts one and the same bundle for the step and for its clean-up; what the step saved tells them apart. */
const PHASE = 'phase';

async function start(): Promise<number> {
  if (core.getState(PHASE) === 'post') return post();
  core.saveState(PHASE, 'post');
  return main();
}

// Open sockets would keep the step alive.
start().then((exitCode) => process.exit(exitCode));
