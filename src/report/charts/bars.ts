import { diagram } from './diagram.ts';
import type { Scale } from './scale.ts';

/** Values by category, drawn over one another in their order. */
export interface BarChart {
  /** Shown below the categories; escaped. */
  readonly title: string;
  /** Escaped, and no two alike: Mermaid draws those as one. */
  readonly categories: readonly string[];
  /** Whether there is room to name each category. */
  readonly named: boolean;
  readonly scale: Scale;
  readonly series: readonly Series[];
  /** In pixels; GitHub scales it to the page. */
  readonly width: number;
}

/** One row of bars, or one line. */
export interface Series {
  readonly kind: 'bar' | 'line';
  /** One for each category. */
  readonly values: readonly number[];
  readonly colour: string;
}

/** A bar chart in Mermaid; undefined where it would be longer than Mermaid draws. */
export function barChart({ title, categories, named, scale, series, width }: BarChart): string | undefined {
  const config = {
    xyChart: { width, height: 320, showLegend: false, xAxis: { showLabel: named, showTick: named } },
    themeVariables: {
      xyChart: { backgroundColor: 'transparent', plotColorPalette: series.map(({ colour }) => colour).join(', ') },
    },
  };
  const plot = ({ kind, values }: Series) => `  ${kind} [${values.map(scale.at).join(', ')}]`;
  return diagram({ config }, [
    'xychart-beta',
    `  x-axis "${title}" [${categories.map((category) => `"${category}"`).join(', ')}]`,
    `  y-axis "${scale.title}" ${scale.from} --> ${scale.to}`,
    ...series.map(plot),
  ]);
}
