import { COLOURS, diagram } from './diagram.ts';
import { label } from './label.ts';
import type { Span } from './span.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Drawn larger, in the colour of the best. */
  readonly strong?: boolean;
  /** Shown below the point, which is drawn larger still; escaped here. */
  readonly name?: string;
}

/** Points over two axes of finite values. */
export interface ScatterChart {
  readonly x: Span;
  readonly y: Span;
  /** Drawn in their order. */
  readonly points: readonly Point[];
}

const FILLS = ['quadrant1Fill', 'quadrant2Fill', 'quadrant3Fill', 'quadrant4Fill'];
const CONFIG = {
  quadrantChart: { chartWidth: 720, chartHeight: 420, pointRadius: 4, pointTextPadding: 12 },
  themeVariables: {
    ...Object.fromEntries(FILLS.map((name) => [name, 'transparent'])),
    quadrantPointFill: COLOURS.strong,
  },
};

/**
 * A scatter chart in Mermaid, whose xychart has none: a quadrant chart, its halves named by the values that they span.
 * Undefined where it would be longer than Mermaid draws.
 */
export function scatterChart({ x, y, points }: ScatterChart): string | undefined {
  // Mermaid draws the last point first.
  const dots = [...points].reverse().map((point) => {
    const radius = point.name === undefined ? 6 : 9;
    const look = point.strong ? ` radius: ${radius}, color: ${COLOURS.best}` : '';
    return `  "${point.name === undefined ? ' ' : label(point.name)}": [${x.at(point.x)}, ${y.at(point.y)}]${look}`;
  });
  const axis = ({ title, halves: [low, high] }: Span) => `"${title}: ${low}" --> "${high}"`;
  return diagram({ config: CONFIG }, ['quadrantChart', `  x-axis ${axis(x)}`, `  y-axis ${axis(y)}`, ...dots]);
}
