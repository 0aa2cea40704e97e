import { GATE_OPERATORS, type GateRule } from '../results/types.ts';
import type { Faults } from './collect.ts';
import { parseList } from './collections.ts';
import { mendRule } from './gate-mend.ts';
import { readRule, singleSpaced } from './gate-rule.ts';

const INPUT = 'gate';
const FORM = `Accepted: METRIC OP NUMBER, or METRIC OP baseline [+|- NUMBER[%]], with spaces between; OP is one of ${GATE_OPERATORS.join(' ')}.`;

/** `gate`: a YAML sequence of rules, or one a line; every one of them has to hold. */
export function parseGate(faults: Faults, text: string): readonly GateRule[] {
  return parseList(faults, INPUT, text).flatMap((item) => {
    const line = singleSpaced(item);
    const rule = readRule(line);
    if (rule !== undefined) return [rule];
    faults.reject('gate-form', INPUT, line, [FORM, ...mendRule(line)].join(' '));
    return [];
  });
}
