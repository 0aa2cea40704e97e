import type { Part } from './part.ts';
import type { AttemptReport, Play } from './play.ts';

/** What happened in a play, for whoever looks for the reason of a fault. */
export function tellPlay({ scenario, attempts }: Play): string {
  const { name, conditions, script, last } = scenario;
  const start = attempts[0]?.main.startedAt ?? 0;
  return [
    `=== ${name}: ${JSON.stringify({ conditions, script, last })}`,
    ...scenario.attempts.map((attempt, index) => `attempt ${index + 1}: ${JSON.stringify(attempt)}`),
    ...attempts.flatMap((attempt) => tellAttempt(attempt, start)),
  ].join('\n');
}

const at = (ms: number, start: number) => `${((ms - start) / 1_000).toFixed(1)} s`;

function tellAttempt({ number, main, post, after, requests }: AttemptReport, start: number): string[] {
  return [
    `--- attempt ${number}`,
    ...tellPart('main', main, start),
    ...(post === undefined ? [] : tellPart('post', post, start)),
    '  requests:',
    ...requests.map(
      ({ atMs, call, path, fault }) => `    ${at(atMs, start)} ${call} ${path.split('/').at(-1)} ${fault ?? ''}`,
    ),
    '  jobs:',
    ...after.map(
      ({ name, state, createdAt, endedAt }) =>
        `    ${name.split('/').at(-1)} ${state}, from ${at(createdAt, start)} to ${endedAt === undefined ? 'now' : at(endedAt, start)}`,
    ),
  ];
}

function tellPart(name: string, { startedAt, endedAt, wasKilled, result }: Part, start: number): string[] {
  return [
    `  ${name} from ${at(startedAt, start)} to ${at(endedAt, start)}: ${wasKilled ? 'killed' : result.outcome}`,
    ...result.log.map((line) => `    | ${line}`),
  ];
}
