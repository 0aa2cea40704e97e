import { COLOURS, diagram } from './diagram.ts';

/** A bar in a lane. */
export interface Task {
  /** Milliseconds since the epoch; the start before the end. */
  readonly start: number;
  readonly end: number;
  /** Digits. Shown in the bar, or beside one that is too narrow. */
  readonly name: string | undefined;
  readonly look: 'plain' | 'best' | 'failed';
}

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** A name that shows nothing: Mermaid wants one. */
const NAMELESS = '\u200e';
/** Mermaid puts the axis 50 pixels above the end of the drawing, whatever stands there. */
const BAR = { barHeight: 18, barGap: 4, topPadding: 52, gridLineStartPadding: 40 };

const CONFIG = {
  // Inside a folded part of a page the width of the page cannot be measured.
  gantt: { useWidth: 900, ...BAR, leftPadding: 30, rightPadding: 12, fontSize: 11, sectionFontSize: 11 },
  themeVariables: {
    sectionBkgColor: 'transparent',
    altSectionBkgColor: 'transparent',
    sectionBkgColor2: 'transparent',
    taskBkgColor: COLOURS.value,
    taskBorderColor: COLOURS.strong,
    activeTaskBkgColor: '#f0a35e',
    activeTaskBorderColor: COLOURS.best,
    critBkgColor: COLOURS.failed,
    critBorderColor: COLOURS.failed,
    taskTextColor: COLOURS.ink,
    taskTextLightColor: COLOURS.ink,
    taskTextDarkColor: COLOURS.ink,
  },
};
const TAGS: Readonly<Record<Task['look'], string>> = { plain: '', best: 'active, ', failed: 'crit, ' };

/** Lanes of tasks over time in UTC; undefined where the diagram would be longer than Mermaid draws. */
export function gantt(lanes: readonly (readonly Task[])[]): string | undefined {
  const tasks = lanes.flat();
  const span =
    tasks.reduce((most, { end }) => Math.max(most, end), 0) -
    tasks.reduce((a, { start }) => Math.min(a, start), Infinity);
  return diagram({ displayMode: 'compact', config: CONFIG }, [
    'gantt',
    '  dateFormat YYYY-MM-DD HH:mm:ss',
    `  axisFormat ${formatOf(span)}`,
    ...lanes.flatMap((lane, index) => [`  section ${index + 1}`, ...lane.map(line)]),
  ]);
}

const formatOf = (span: number) => (span > DAY ? '%d %b %H:%M' : span > 10 * MINUTE ? '%H:%M' : '%H:%M:%S');

/** Mermaid reads and shows times by the clock of the reader's machine: written without a zone, they stay what they are. */
const line = ({ start, end, name, look }: Task) =>
  `  ${name ?? NAMELESS} :${TAGS[look]}${moment(start)}, ${moment(Math.max(end, start + 1_000))}`;

const moment = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
