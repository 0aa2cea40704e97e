import { readFileSync } from 'node:fs';
import { type Event, readEvent } from '../github/pull-request.ts';
import type { GithubOptions } from '../github/request.ts';
import type { Base } from './run.ts';

/** GitHub as this step asks it, with the event that started the run. */
export interface Github {
  readonly options: GithubOptions;
  readonly event: Event;
}

/** Undefined without a token: whoever needs one has told so by then. */
export function githubOf({ step, env, github, clock, random, log, signal }: Base): Github | undefined {
  const token = step.inputs.results.githubToken;
  if (token === undefined) return undefined;
  const { repository } = step.context;
  return {
    options: { request: github(token), repository, token, input: 'github_token', clock, random, log, signal },
    event: readEvent(eventText(env['GITHUB_EVENT_PATH'])),
  };
}

/** The runner writes the event's payload to a file; outside of a workflow there is none. */
function eventText(path: string | undefined): string {
  try {
    return path === undefined || path === '' ? '' : readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
