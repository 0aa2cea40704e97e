import type { Finding } from '../findings.ts';
import { error, type Rule, warning } from './rule.ts';

/** The role of a pool follows from its position (training/distributed-training). */
export const ROLES = ['chief', 'workers', 'parameter or reduction servers', 'evaluators'];

export const poolRules: Rule = ({ spec }) => {
  const { workerPoolSpecs: pools } = spec;
  if (pools.length === 0)
    return [error('pool-missing', 'spec.workerPoolSpecs', 'is empty. Give one worker pool at least.')];
  const findings: Finding[] = pools.flatMap(({ replicaCount }, index) => {
    const count = Number(replicaCount ?? '1');
    const path = `spec.workerPoolSpecs[${index}].replicaCount`;
    if (index === 0 && count !== 1) {
      return [
        error(
          'chief-replica',
          path,
          `is ${count}; the first pool is the chief and has 1. Put the others in the second pool.`,
        ),
      ];
    }
    return count < 0 ? [error('replica-count', path, `is ${count}; a number from 0 up is accepted.`)] : [];
  });
  if (pools.length > ROLES.length) {
    const message = `holds ${pools.length} pools; the documentation gives roles to ${ROLES.length} (${ROLES.join(', ')}).`;
    findings.push(warning('pool-count', 'spec.workerPoolSpecs', message));
  }
  return findings;
};
