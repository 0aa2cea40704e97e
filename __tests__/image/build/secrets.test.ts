import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UserError } from '../../../src/faults.ts';
import { prepareSecrets } from '../../../src/image/build/secrets.ts';
import type { BuildSecret } from '../../../src/image/build/types.ts';
import { tempFolders } from '../../ground/temp-folder.ts';

const newFolder = tempFolders();
const VALUE = 'line one, "two"\nline three';
const ENV = { TOKEN: VALUE, EMPTY: '' };

describe('secrets', () => {
  test('go through the environment', async () => {
    const folder = newFolder();
    const file = join(folder, 'given');
    writeFileSync(file, VALUE);
    const secrets: BuildSecret[] = [
      { id: 'a', from: 'env', name: 'TOKEN' },
      { id: 'b', from: 'value', value: VALUE },
      { id: 'c', from: 'file', path: file },
      { id: 'd', from: 'env', name: 'EMPTY' },
    ];
    expect(await prepareSecrets(secrets, { env: ENV, folder, asFiles: false })).toEqual({
      options: ['id=a,env=TOKEN', 'id=b,env=TRAIN_ON_VERTEX_SECRET_1', `id=c,src=${file}`, 'id=d,env=EMPTY'],
      env: { TRAIN_ON_VERTEX_SECRET_1: VALUE },
    });
  });

  test('go through private files', async () => {
    const folder = newFolder();
    const secrets: BuildSecret[] = [
      { id: 'a', from: 'env', name: 'TOKEN' },
      { id: 'b', from: 'value', value: 'v' },
    ];
    const { options, env } = await prepareSecrets(secrets, { env: ENV, folder, asFiles: true });
    const files = ['secret-0', 'secret-1'].map((name) => join(folder, name));
    expect([options, env]).toEqual([files.map((file, index) => `id=${'ab'[index]},src=${file}`), {}]);
    expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual([VALUE, 'v']);
    expect(files.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
  });

  test('that cannot be given are all told together', async () => {
    const folder = newFolder();
    const secrets: BuildSecret[] = [
      { id: 'a,src=/etc/shadow', from: 'value', value: 'x' },
      { id: 'b', from: 'env', name: 'NOT_SET' },
      { id: 'c', from: 'file', path: join(folder, 'missing') },
      { id: 'd', from: 'value', value: 'fine' },
    ];
    const error = await prepareSecrets(secrets, { env: ENV, folder, asFiles: false }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message.split('\n')).toEqual([
      'A build secret has the id "a,src=/etc/shadow": letters, digits, "_", "." and "-" are accepted.',
      'The build secret b is to come from the variable "NOT_SET", which is not set. Set it in env.',
      expect.stringMatching(
        /^The build secret c is to come from the file ".*\/missing", which cannot be read \(ENOENT\)\.$/,
      ),
    ]);
  });

  /** As encoding/csv reads one line, which is what docker reads the option with. */
  function fields(line: string): string[] {
    const found = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)];
    return found.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
  }

  test('in files of whatever name are one field of the option', async () => {
    const folder = newFolder();
    const name = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', ',', '"', ' ', '=', 'é') });
    await fc.assert(
      fc.asyncProperty(name, async (text) => {
        const path = join(folder, `f${text}`);
        writeFileSync(path, 'x');
        const { options } = await prepareSecrets([{ id: 'a', from: 'file', path }], {
          env: {},
          folder,
          asFiles: false,
        });
        expect(fields(options[0] ?? '')).toEqual(['id=a', `src=${path}`]);
      }),
      { numRuns: 50 },
    );
  });
});
