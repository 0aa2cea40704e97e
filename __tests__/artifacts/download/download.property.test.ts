import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tempFolders } from '../../ground/temp-folder.ts';
import { cloudStorages } from '../cloud-storage.ts';
import type { Mishap } from '../media.ts';
import { contentOf, downloadOf, patterned, workspaceIn } from '../scene.ts';

const newStorage = cloudStorages();
const newFolder = tempFolders();

const HOSTILE = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('..', '.', '', 'a', 'b', 'in', 'link', 'up', 'file', '.git') },
  fc.constantFrom('\\..\\', 'C:', '\0', '\n', '%2e%2e', '~', '/etc', 'x'.repeat(300), '\u202e', '-rf', 'A'),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
);
const NAME = fc.array(HOSTILE, { minLength: 1, maxLength: 5 }).map((parts) => `m/${parts.join('/')}`);

test('whatever the objects are called, nothing is written outside of the folder', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(NAME, { minLength: 1, maxLength: 5 }), async (names) => {
      const folder = newFolder();
      const workspace = workspaceIn(folder);
      for (const path of ['out/in', 'beside', 'out/link-target']) mkdirSync(join(workspace, path), { recursive: true });
      mkdirSync(join(folder, 'outside'));
      for (const path of ['outside/mine', 'workspace/beside/mine', 'workspace/.git'])
        writeFileSync(join(folder, path), 'mine');
      symlinkSync(join(folder, 'outside'), join(workspace, 'out/link'));
      symlinkSync('..', join(workspace, 'out/up'));
      symlinkSync(join(folder, 'outside/mine'), join(workspace, 'out/file'));
      const storage = await newStorage(
        Object.fromEntries(names.map((name) => [name, { bytes: Buffer.from('theirs') }])),
      );
      const came = await downloadOf(storage, workspace).run.then(
        () => true,
        () => false,
      );
      expect(readdirSync(folder).sort()).toEqual(['outside', 'workspace']);
      expect(contentOf(join(folder, 'outside'))).toEqual({ mine: 'mine' });
      expect(readdirSync(workspace).sort()).toEqual(['.git', 'beside', 'out']);
      expect(contentOf(join(workspace, 'beside'))).toEqual({ mine: 'mine' });
      expect(readFileSync(join(workspace, '.git'), 'utf8')).toBe('mine');
      // Where they came, they are all there under their own names.
      if (came)
        for (const name of names) expect(readFileSync(join(workspace, 'out', name.slice(2)), 'utf8')).toBe('theirs');
    }),
    { numRuns: 60 },
  );
}, 60_000);

const MISHAP: fc.Arbitrary<Mishap> = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 90_000 }).map((cutAfter) => ({ cutAfter })) },
  fc.constantFrom<Mishap>(
    { cutAfter: 0 },
    { status: 503 },
    { status: 429, told: { 'retry-after': '3' } },
    { whole: true },
  ),
  fc.constantFrom<Mishap>({ flipped: true }, {}),
);

test('however the connections break, the same bytes come', async () => {
  const object = fc.record({
    length: fc.integer({ min: 0, max: 200_000 }),
    mishaps: fc.array(MISHAP, { maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(object, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 4 }),
      async (objects, width) => {
        const held = objects.map(
          ({ length }, index) => [`m/${index}`, { bytes: patterned(length, index + 1) }] as const,
        );
        const storage = await newStorage(Object.fromEntries(held), {
          mishap: ({ kind, name, times }) => {
            if (kind !== 'read') return undefined;
            const mishap = objects[Number(name.slice(2))]?.mishaps[times];
            // Content that is wrong twice is given up; here it is wrong but once.
            const first = objects[Number(name.slice(2))]?.mishaps.findIndex((each) => each.flipped);
            return mishap?.flipped && first !== times ? {} : mishap;
          },
        });
        const workspace = workspaceIn(newFolder());
        await downloadOf(storage, workspace, { width }).run;
        const expected = held.map(([name, { bytes }]) => [name.slice(2), bytes.toString('latin1')]);
        expect(contentOf(join(workspace, 'out'))).toEqual(Object.fromEntries(expected));
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);
