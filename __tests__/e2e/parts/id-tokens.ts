import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Claims as GitHub writes them for a push to main of the tests' repository. */
function claims(audience: string, now: number): Record<string, string | number> {
  return {
    jti: randomUUID(),
    iss: 'https://token.actions.githubusercontent.com',
    sub: 'repo:octo-org/digits:ref:refs/heads/main',
    aud: audience,
    iat: now,
    nbf: now - 600,
    exp: now + 300,
    actor: 'octocat',
    event_name: 'push',
    job_workflow_ref: 'octo-org/digits/.github/workflows/train.yml@refs/heads/main',
    ref: 'refs/heads/main',
    ref_type: 'branch',
    repository: 'octo-org/digits',
    repository_id: '700123456',
    repository_owner: 'octo-org',
    repository_owner_id: '6811672',
    run_attempt: '1',
    run_id: '9000000001',
    runner_environment: 'github-hosted',
  };
}

/** Gives signed tokens of the form of GitHub's, each different. */
export function idTokenMaker(): (audience: string) => string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return (audience) => {
    const header = encoded({ alg: 'ES256', typ: 'JWT', kid: 'a-key-of-the-tests' });
    const content = `${header}.${encoded(claims(audience, Math.floor(Date.now() / 1000)))}`;
    const signature = sign('sha256', Buffer.from(content), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${content}.${signature.toString('base64url')}`;
  };
}

/** The audience that a token names, or undefined for what is no token. */
export function audienceOf(token: string): string | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof payload === 'object' && payload !== null && 'aud' in payload ? String(payload.aud) : undefined;
  } catch {
    return undefined;
  }
}
