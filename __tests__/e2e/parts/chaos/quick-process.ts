import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import promises from 'node:timers/promises';

/**
 * Loaded into a process before its program (`node --import`): time passes faster for it, and Google's addresses lead to a
 * service on this machine. QUICK_TIME is `ORIGIN,SPEED`, in milliseconds since the epoch: all processes with the same value
 * agree on the time. GOOGLE_AT is that service's address.
 */
const { QUICK_TIME = '', GOOGLE_AT } = process.env;
const [origin = 0, speed = 1] = QUICK_TIME.split(',').map(Number);

const RealDate = Date;
const now = () => Math.round(origin + (RealDate.now() - origin) * speed);

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, self) => Reflect.construct(target, given.length === 0 ? [now()] : given, self) as object,
  get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
});

/** Timers hold 31 bits; whoever waits for longer waits as long here as there. */
const quick = (ms: unknown) => (typeof ms === 'number' ? Math.ceil(ms / speed) : ms) as number;

for (const name of ['setTimeout', 'setInterval'] as const) {
  const real = timers[name];
  const changed = (call: () => void, ms?: number, ...rest: []) => real(call, quick(ms), ...rest);
  const known = Object.getOwnPropertyDescriptors(real);
  const all = Object.defineProperties(changed, known) as unknown as typeof real;
  Object.assign(timers, { [name]: all });
  Object.assign(globalThis, { [name]: all });
}
const sleep = promises.setTimeout;
promises.setTimeout = (ms, value, options) => sleep(quick(ms), value, options);
const timeout = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (ms) => timeout(quick(ms));

if (GOOGLE_AT !== undefined) {
  const real = https.request;
  https.request = ((to: unknown, options: http.RequestOptions, heard: (answer: http.IncomingMessage) => void) => {
    const url = new URL(String(to));
    if (!url.hostname.endsWith('.googleapis.com')) return real(url, options, heard);
    // The agent is for TLS.
    const { agent: _agent, ...plain } = options;
    return http.request(new URL(`${url.pathname}${url.search}`, GOOGLE_AT), plain, heard);
  }) as typeof https.request;
}
syncBuiltinESMExports();
