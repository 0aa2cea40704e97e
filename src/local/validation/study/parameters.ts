import type { ParameterSpec } from '../../../vertex/types.ts';
import { type Finding, findingUnless } from '../findings.ts';
import { conditionFindings } from './conditional.ts';
import { parameterFindings } from './parameter.ts';

/** Parameters that stand side by side, each with its path: those of the study, or the conditional ones of one parent. */
type Family = readonly { readonly parameter: ParameterSpec; readonly path: string }[];

function childrenOf({ parameter, path }: Family[number]): Family {
  return (parameter.conditionalParameterSpecs ?? []).flatMap(({ parameterSpec }, index) =>
    parameterSpec === undefined
      ? []
      : [{ parameter: parameterSpec, path: `${path}.conditional_parameter_specs[${index}].parameter_spec` }],
  );
}

/** The families of a study, the topmost first. */
function familiesOf(family: Family): Family[] {
  return family.length === 0 ? [] : [family, ...family.flatMap((member) => familiesOf(childrenOf(member)))];
}

/**
 * What the rules of a study's parameters refuse, those of conditional ones included (study.proto). Names are unique in the
 * study; only siblings below one parent may share one.
 */
export function parametersFindings(parameters: readonly ParameterSpec[], field: string, isGrid: boolean): Finding[] {
  const top = parameters.map((parameter, index) => ({ parameter, path: `${field}[${index}]` }));
  const families = familiesOf(top);
  return [
    ...families
      .flat()
      .flatMap(({ parameter, path }) => [
        ...parameterFindings(parameter, path, isGrid),
        ...conditionFindings(parameter, `${path}.conditional_parameter_specs`),
      ]),
    ...sharedFindings(families, top),
  ];
}

function sharedFindings(families: readonly Family[], top: Family): Finding[] {
  const taken = new Map<string, Family>();
  return families.flatMap((family) =>
    family.flatMap(({ parameter: { parameterId: id }, path }) => {
      if (id === undefined) return [];
      const owner = taken.get(id);
      if (owner === undefined) taken.set(id, family);
      const isFree = owner === undefined || (owner === family && family !== top);
      return findingUnless(isFree, `${path}.parameter_id`, 'Parameter ids must be unique.');
    }),
  );
}
