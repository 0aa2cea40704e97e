import type { Clock } from '../../retry.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { RegistryError } from './errors.ts';
import type { Http, HttpAnswer } from './http.ts';
import { isGoogleRegistry, isLocalRegistry, type Repository } from './reference.ts';
import { basic, type Credential, fetchToken, GOOGLE_USER, type Token } from './token.ts';

export interface AuthorizationOptions {
  readonly http: Http;
  readonly clock: Clock;
  /** The login for a registry; asked again where the last one is refused. Undefined is nobody. */
  readonly credentials: (registry: string) => Promise<Credential | undefined>;
  /** Hears of every token before it is used. */
  readonly mask: (secret: string) => void;
  readonly signal: AbortSignal | undefined;
}

/** What may be done in a repository, as token services name it. */
export type Actions = 'pull' | 'pull,push';

/** What a request says of who asks. */
export interface Authorized {
  readonly header: string | undefined;
  /** Whether it was made for this request: a refusal is final then. */
  readonly fresh: boolean;
}

interface RegistryState {
  challenge: Challenge | undefined;
  /** Whether credentials may still be sent before the registry has asked for them. */
  ahead: boolean;
  credential: Promise<Credential | undefined> | undefined;
  readonly tokens: Map<string, Promise<Token>>;
}

/** Signs requests as the registries ask for it, with one token for each repository and right. */
export class Authorization {
  readonly #options: AuthorizationOptions;
  readonly #states = new Map<string, RegistryState>();

  constructor(options: AuthorizationOptions) {
    this.#options = options;
  }

  /** What a first attempt carries. */
  async first(repository: Repository, actions: Actions): Promise<Authorized> {
    const state = this.#state(repository.registry);
    if (state.challenge !== undefined) return { header: await this.#header(state, repository, actions), fresh: false };
    const { registry } = repository;
    const mayBeGoogle = isGoogleRegistry(registry) || isLocalRegistry(registry);
    if (!state.ahead || !mayBeGoogle) return { header: undefined, fresh: false };
    // Google's registries take the access token as it is, which saves two requests.
    const credential = await this.#credential(state, registry);
    const google = credential !== undefined && 'username' in credential && credential.username === GOOGLE_USER;
    return { header: google ? basic(credential) : undefined, fresh: false };
  }

  /** What another attempt carries after a 401 or 403; undefined where none helps. */
  async next(
    repository: Repository,
    actions: Actions,
    answer: HttpAnswer,
    used: Authorized,
  ): Promise<Authorized | undefined> {
    const state = this.#state(repository.registry);
    const wasAhead = state.challenge === undefined && used.header !== undefined;
    state.ahead = false;
    if (answer.status === 403) return wasAhead ? { header: undefined, fresh: false } : undefined;
    const challenge = chosen(parseChallenges(answer.headers['www-authenticate'] ?? ''));
    if (challenge === undefined || used.fresh) return undefined;
    state.challenge = challenge;
    // Somebody else may have renewed it meanwhile.
    if (used.header !== undefined && used.header === (await this.#current(state, repository, actions))) {
      state.credential = undefined;
      state.tokens.clear();
    }
    const header = await this.#header(state, repository, actions);
    return header === undefined || header === used.header ? undefined : { header, fresh: true };
  }

  #state(registry: string): RegistryState {
    const known = this.#states.get(registry);
    if (known !== undefined) return known;
    const state: RegistryState = { challenge: undefined, ahead: true, credential: undefined, tokens: new Map() };
    this.#states.set(registry, state);
    return state;
  }

  #credential(state: RegistryState, registry: string): Promise<Credential | undefined> {
    if (state.credential !== undefined) return state.credential;
    const asked = this.#options.credentials(registry);
    state.credential = asked;
    asked.catch(() => {
      if (state.credential === asked) state.credential = undefined;
    });
    return asked;
  }

  async #header(state: RegistryState, repository: Repository, actions: Actions): Promise<string | undefined> {
    if (state.challenge?.scheme === 'bearer') return `Bearer ${(await this.#token(state, repository, actions)).text}`;
    const credential = await this.#credential(state, repository.registry);
    return credential === undefined ? undefined : basic(credential);
  }

  /** The header that would be sent now, if that takes no request. */
  async #current(state: RegistryState, repository: Repository, actions: Actions): Promise<string | undefined> {
    if (state.challenge?.scheme !== 'bearer') return this.#header(state, repository, actions);
    const token = await state.tokens.get(scopeOf(repository, actions))?.catch(() => undefined);
    return token === undefined ? undefined : `Bearer ${token.text}`;
  }

  async #token(state: RegistryState, repository: Repository, actions: Actions): Promise<Token> {
    const scope = scopeOf(repository, actions);
    const known = state.tokens.get(scope);
    if (known !== undefined) {
      const token = await known;
      if (token.until > this.#options.clock.now()) return token;
      // Of several that find it expired, the first renews it.
      if (state.tokens.get(scope) !== known) return this.#token(state, repository, actions);
    }
    const fetched = this.#fetched(state, repository.registry, scope);
    state.tokens.set(scope, fetched);
    fetched.catch(() => {
      if (state.tokens.get(scope) === fetched) state.tokens.delete(scope);
    });
    return fetched;
  }

  /** A login that was refused may have expired: it is asked for once more. */
  async #fetched(state: RegistryState, registry: string, scope: string): Promise<Token> {
    const used = state.credential;
    try {
      return await this.#fetch(state, registry, scope);
    } catch (error) {
      const refused = error instanceof RegistryError && (error.status === 401 || error.status === 403);
      if (!refused || used === undefined || (await used) === undefined) throw error;
      if (state.credential === used) state.credential = undefined;
      return this.#fetch(state, registry, scope);
    }
  }

  async #fetch(state: RegistryState, registry: string, scope: string): Promise<Token> {
    const { http, clock, mask, signal } = this.#options;
    const { challenge } = state;
    if (challenge === undefined) throw new Error('a token is asked for without a challenge');
    const credential = await this.#credential(state, registry);
    const token = await fetchToken({ http, now: clock.now(), registry, challenge, scope, credential, signal });
    mask(token.text);
    return token;
  }
}

const scopeOf = ({ path }: Repository, actions: Actions) => `repository:${path}:${actions}`;

/** Tokens before passwords, whichever is named first. */
function chosen(challenges: readonly Challenge[]): Challenge | undefined {
  return challenges.find(({ scheme }) => scheme === 'bearer') ?? challenges.find(({ scheme }) => scheme === 'basic');
}
