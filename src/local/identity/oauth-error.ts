/** A refusal of the token service's, which speaks OAuth's language (RFC 6749, section 5.2; RFC 8693, section 2.2.2). */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly code: 'invalid_request' | 'invalid_grant' | 'invalid_target' | 'unsupported_grant_type' | 'invalid_scope';

  constructor(code: OAuthError['code'], description: string) {
    super(description);
    this.code = code;
  }

  get body(): object {
    return { error: this.code, error_description: this.message };
  }
}
