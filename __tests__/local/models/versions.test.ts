import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ApiError } from '../../../src/local/api/errors.ts';
import { withAliases, withoutVersion, withVersion } from '../../../src/local/models/versions.ts';
import type { ModelRecord } from '../../../src/local/resources/types.ts';

type Step =
  | { readonly kind: 'version'; readonly aliases: readonly string[] }
  | {
      readonly kind: 'aliases';
      readonly of: number;
      readonly added: readonly string[];
      readonly removed: readonly string[];
    }
  | { readonly kind: 'delete'; readonly of: number };

function taken(record: ModelRecord, step: Step, time: string): ModelRecord {
  switch (step.kind) {
    case 'version':
      return withVersion(record, record.name, { displayName: 'm', versionAliases: step.aliases }, time);
    case 'aliases': {
      const change = { added: new Set(step.added), removed: new Set(step.removed) };
      return withAliases(record, String(step.of), change, time);
    }
    case 'delete':
      return withoutVersion(record, String(step.of));
  }
}

describe('the versions of a model', () => {
  const alias = fc.constantFrom('default', 'best', 'canary');
  const aliases = fc.array(alias, { maxLength: 3 });
  const of = fc.integer({ min: 1, max: 5 });
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ kind: fc.constant('version' as const), aliases }),
    fc.record({ kind: fc.constant('aliases' as const), of, added: aliases, removed: aliases }),
    fc.record({ kind: fc.constant('delete' as const), of }),
  );

  it('have exactly one default, no alias twice and no number twice, whatever is done to them', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let record = withVersion(undefined, 'models/m', { displayName: 'm' }, 'T');
        const numbers = new Set(['1']);
        for (const each of steps) {
          try {
            record = taken(record, each, 'T');
          } catch (error) {
            expect(error).toBeInstanceOf(ApiError);
          }
          if (each.kind === 'version') {
            const made = String(record.lastVersion);
            expect(numbers.has(made)).toBe(false);
            numbers.add(made);
          }
          const all = record.versions.flatMap(({ versionAliases = [] }) => versionAliases);
          expect(all.filter((name) => name === 'default')).toHaveLength(1);
          expect(new Set(all).size).toBe(all.length);
        }
      }),
    );
  });

  it('stay as they were where an alias is both given and taken', () => {
    const record = withVersion(undefined, 'm', { displayName: 'm', versionAliases: ['best'] }, 'T');
    const both = { added: new Set(['best', 'new']), removed: new Set(['best', 'new']) };
    expect(withAliases(record, '1', both, 'T')).toEqual(record);
  });
});
