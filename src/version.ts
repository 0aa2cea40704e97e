/** This action's version: package.json's, which a test holds. */
export const VERSION = '0.1.0';

/** How it names itself to every service that it asks (RFC 9110, section 10.1.5). */
export const USER_AGENT = `train-on-vertex/${VERSION}`;
