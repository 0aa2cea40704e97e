import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findProgram } from '../../../scripts/machine/places.ts';
import { type Registry, startRegistry } from '../../../scripts/machine/registry.ts';

const canRun = (await findProgram('docker-registry')) !== undefined;

(canRun ? describe : describe.skip)('the registry', () => {
  // Longer than the 72 bytes that bcrypt looks at, as Google's access tokens are.
  const token = `ya29.${'x'.repeat(400)}`;
  let registry: Registry;
  beforeAll(async () => {
    registry = await startRegistry({ user: 'oauth2accesstoken', password: token });
  });
  afterAll(() => registry?.stop());

  const status = async (user: string, password: string) => {
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    return (await fetch(`http://${registry.host}/v2/`, { headers: { authorization } })).status;
  };

  test('demands credentials and tells which came', async () => {
    expect((await fetch(`http://${registry.host}/v2/`)).status).toBe(401);
    expect(await status('oauth2accesstoken', 'wrong')).toBe(401);
    expect(await status('oauth2accesstoken', token)).toBe(200);
    const seen = (await registry.requests()).map(({ credentials, refusedUser }) => [credentials, refusedUser]);
    expect(seen).toEqual([
      ['none', undefined],
      ['refused', 'oauth2accesstoken'],
      ['accepted', undefined],
    ]);
  });

  test('can be told to demand others', async () => {
    await registry.demand('someone', 'else');
    expect(await status('oauth2accesstoken', token)).toBe(401);
    expect(await status('someone', 'else')).toBe(200);
  });
});
