import { getOctokit } from '@actions/github';
import { afterAll } from '@jest/globals';
import { GithubError } from '../../src/github/error.ts';
import type { GithubOptions } from '../../src/github/request.ts';
import { USER_AGENT } from '../../src/version.ts';
import { type GithubApi, startGithub } from '../e2e/parts/github.ts';
import { SimulatedClock } from '../ground/clock.ts';
import { recordingLog } from '../ground/recording-log.ts';

export const TOKEN = 'ghs_a-token-for-tests';

const nothing = () => {};
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** How GitHub is asked at an address, through octokit. Time passes only where somebody sleeps. */
export function optionsFor(url: string, more: Partial<GithubOptions> = {}) {
  const octokit = getOctokit(more.token ?? TOKEN, { baseUrl: url, log: SILENT, userAgent: USER_AGENT });
  return {
    request: (route: string, parameters: Readonly<Record<string, unknown>>) =>
      octokit.request(route, { ...parameters }),
    repository: 'octo-org/digits',
    token: TOKEN,
    input: 'github_token' as const,
    random: () => 0,
    ...more,
    clock: new SimulatedClock(Date.parse('2026-11-23T05:00:00Z')),
    log: recordingLog(),
  };
}

/** A maker of GitHub's API on loopback; they end with the tests of the file. */
export function githubs(): () => Promise<GithubApi> {
  const started: GithubApi[] = [];
  afterAll(async () => {
    for (const each of started) await each.stop();
  });
  return async () => {
    const api = await startGithub(TOKEN);
    started.push(api);
    return api;
  };
}

/** The GithubError that was thrown. */
export async function failureOf(asked: Promise<unknown>): Promise<GithubError> {
  const error = await asked.catch((thrown: unknown) => thrown);
  if (!(error instanceof GithubError)) throw new Error(`no GithubError: ${String(error)}`);
  return error;
}
