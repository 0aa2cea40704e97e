import { COLOURS, diagram } from './diagram.ts';
import type { Span } from './span.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Drawn in the colour of the best, and larger: the best of them most. */
  readonly look: 'plain' | 'strong' | 'strongest';
}

const RADIUS: Readonly<Record<Point['look'], number | undefined>> = { plain: undefined, strong: 6, strongest: 9 };

/** Points over two axes of finite values. */
export interface ScatterChart {
  readonly x: Span;
  readonly y: Span;
  /** Drawn in their order. */
  readonly points: readonly Point[];
}

const FILLS = ['quadrant1Fill', 'quadrant2Fill', 'quadrant3Fill', 'quadrant4Fill'];
const CONFIG = {
  quadrantChart: { chartWidth: 720, chartHeight: 420, pointRadius: 4 },
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
    const radius = RADIUS[point.look];
    const style = radius === undefined ? '' : ` radius: ${radius}, color: ${COLOURS.best}`;
    return `  " ": [${x.at(point.x)}, ${y.at(point.y)}]${style}`;
  });
  const axis = ({ title, halves: [low, high] }: Span) => `"${title}: ${low}" --> "${high}"`;
  return diagram({ config: CONFIG }, ['quadrantChart', `  x-axis ${axis(x)}`, `  y-axis ${axis(y)}`, ...dots]);
}
