import { isRecord } from '../json.ts';
import type { RoleBinding } from './artifact-registry.ts';
import { type Fields, listIn, textIn, textsIn } from './rest.ts';

/** The bindings of an IAM policy. */
export function bindingsIn(policy: Fields): readonly RoleBinding[] {
  return listIn(policy, 'bindings')
    .filter(isRecord)
    .map((binding) => ({
      role: textIn(binding, 'role') ?? '',
      members: textsIn(binding, 'members'),
      conditional: binding['condition'] !== undefined,
    }));
}
