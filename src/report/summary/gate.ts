import type { GateVerdict } from '../../results/types.ts';
import { cut, escaped } from '../markdown.ts';
import type { Section } from './fit.ts';

const SENTENCE = 500;
const MOST_RULES = 50;

/** The verdict of each rule with its numbers, the failed ones first. */
export function gateSection(gate: readonly GateVerdict[]): Section | undefined {
  if (gate.length === 0) return undefined;
  const sorted = [...gate].sort((a, b) => Number(a.passed) - Number(b.passed));
  const lines = sorted
    .slice(0, MOST_RULES)
    .map(({ passed, message }) => `- ${passed ? '✅' : '❌'} ${escaped(cut(message, SENTENCE))}`);
  const rest = gate.length > MOST_RULES ? [`- and ${gate.length - MOST_RULES} more`] : [];
  return { name: 'gate', forms: [['#### Gate', '', ...lines, ...rest].join('\n')], worth: 10 };
}
