import { bytesText } from '../../bytes.ts';
import type { MadeImage } from '../../image/image.ts';
import { baseLine } from '../../plan/image/base/choose.ts';
import type { Results, Usage } from '../../results/types.ts';
import { momentText, spanText } from '../../span.ts';
import type { Job } from '../../vertex/jobs.ts';
import { epochOf, timesOf } from '../../vertex/times.ts';
import { code, cut, escaped, tableOf } from '../markdown.ts';
import type { Section } from './fit.ts';
import { moneyText, shortNumber } from './numbers.ts';
import type { SummaryParts } from './parts.ts';

const TEXT = 1_000;
const MOST_CAVEATS = 10;

/** Name and value, escaped. */
type Fact = readonly [string, string];

/** What ran where, when, for how long and for how much. */
export function factsSection({ job, image, machines, results, now }: SummaryParts): Section {
  const facts: Fact[] = [
    ...imageFacts(image),
    ...machines.slice(0, 20).map(machineFact),
    ...timeFacts(job, now),
    ...usageFacts(results.usage),
    ...modelFacts(results),
  ];
  return {
    name: 'facts of the job',
    forms: [[tableOf(['Job', code(cut(job.name, TEXT))], facts), ...caveatsText(results.usage)].join('\n\n')],
    worth: 11,
  };
}

/** What runs, and what it was built on. */
export function imageFacts(image: MadeImage | undefined): Fact[] {
  if (image === undefined) return [];
  const how = image.reused ? ' (not built: nothing that the build reads has changed)' : '';
  return [
    ['Image', `${code(shortDigest(cut(image.reference, TEXT)))}${how}`],
    ['Base image', escaped(cut(baseLine(image.base), TEXT))],
  ];
}

/** The output `image` holds it whole; a table cannot break it. */
const shortDigest = (reference: string) => reference.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, '$1…');

function machineFact(line: string): Fact {
  const [name = '', ...why] = line.split(': ');
  return [escaped(cut(name, TEXT)), escaped(cut(why.join(': '), TEXT))];
}

function timeFacts(job: Job, now: number): Fact[] {
  const created = epochOf(job.createTime);
  const ended = epochOf(job.endTime);
  if (created === undefined) return [];
  const { queuedMs, runningMs } = timesOf(job, now);
  return [
    ['Created', momentText(created)],
    ['Waited in the queue', spanText(queuedMs)],
    ...(runningMs === undefined ? [] : [['Ran for', spanText(runningMs)] as const]),
    ...(ended === undefined ? [] : [['Ended', momentText(ended)] as const]),
  ];
}

function usageFacts({ machineHours, acceleratorHours, cost }: Usage): Fact[] {
  const hours = (name: string, value: number | undefined): Fact[] =>
    value === undefined ? [] : [[name, shortNumber(value, 4)]];
  return [
    ...hours('Machine-hours', machineHours),
    ...hours('Accelerator-hours', acceleratorHours === 0 ? undefined : acceleratorHours),
    ...(cost === undefined ? [] : [['Cost', `${moneyText(cost)} (machine-hours by \`hourly_price\`)`] as const]),
  ];
}

function modelFacts({ model, downloaded, baseline }: Results): Fact[] {
  return [
    ...(model === undefined ? [] : [['Model', modelText(model)] as const]),
    ...(model?.uri === undefined ? [] : [['Model folder', code(cut(model.uri, TEXT))] as const]),
    ...(downloaded === undefined
      ? []
      : [
          [
            'Downloaded',
            `${downloaded.files} file${downloaded.files === 1 ? '' : 's'}, ${bytesText(downloaded.bytes)}, to ${code(cut(downloaded.path, TEXT))}`,
          ] as const,
        ]),
    ...(baseline === undefined
      ? []
      : [['Baseline', code(cut(baseline.job, TEXT)) + commitText(baseline.commit)] as const]),
  ];
}

function modelText({ name, version, aliases }: NonNullable<Results['model']>): string {
  const known = aliases.slice(0, 20).map((alias) => code(cut(alias, 100)));
  return `${code(cut(name, TEXT))}, version ${code(cut(version, 100))}${known.length === 0 ? '' : `, also ${known.join(', ')}`}`;
}

const commitText = (commit: string | undefined) => (commit === undefined ? '' : ` at ${code(cut(commit, 12))}`);

function caveatsText({ caveats }: Usage): string[] {
  if (caveats.length === 0) return [];
  const sentences = caveats.slice(0, MOST_CAVEATS).map((text) => escaped(cut(text, TEXT)));
  return [`*About these figures: ${sentences.join(' ')}*`];
}
