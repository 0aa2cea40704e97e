import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../retry.ts';
import { errorAnswer } from '../api/errors.ts';
import { masked } from '../api/read-mask.ts';
import { type Reply, send } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import type { Exchange } from '../http/server.ts';
import type { JobRecord } from '../resources/store.ts';
import { CONTROL_PATH, type Control } from './control.ts';
import { drip, linger, reset, sendMalformed, sendText, truncate } from './deliver.ts';
import { refused, tokenRefused } from './refusals.ts';
import { callOf } from './requests.ts';
import { momentOf, type RequestFault } from './rules.ts';
import { disturbedEntries, laggingList, withState } from './views.ts';

interface InterceptOptions {
  readonly control: Control;
  readonly clock: Clock;
  /** All jobs and pipelines that lists can tell of. */
  readonly records: () => readonly JobRecord[];
}

const tokenOf = ({ authorization = '' }: IncomingHttpHeaders) => authorization.replace(/^Bearer /i, '');

/** The reply to a request as the standing conditions show it. */
async function replyTo({ request, reply }: Exchange, { control, clock }: InterceptOptions): Promise<Reply> {
  const { listLagMs, entries } = control.state.conditions;
  const call = callOf(request);
  if (call === 'list' && listLagMs !== undefined) return laggingReply(request, reply, listLagMs, clock);
  const plain = await reply(request);
  if (call !== 'entries' || entries === undefined) return plain;
  return { ...plain, body: disturbedEntries(plain.body, entries, clock.now()) };
}

/** The age of the jobs must show before the mask hides it. */
async function laggingReply(
  request: ApiRequest,
  reply: Exchange['reply'],
  lagMs: number,
  clock: Clock,
): Promise<Reply> {
  const query = new URLSearchParams(request.query);
  for (const name of ['readMask', 'read_mask']) query.delete(name);
  const mask = request.query.get('readMask') ?? request.query.get('read_mask');
  const { http, body } = await reply({ ...request, query });
  const shown = laggingList(body, lagMs, clock.now());
  return { http, body: mask === null ? shown : maskedList(shown, mask) };
}

function maskedList(body: unknown, mask: string): unknown {
  const entries = Object.entries(body as object).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map((job: object) => masked(job, mask)) : value,
  ]);
  return Object.fromEntries(entries);
}

function answerControl({ request, response }: Exchange, { control, records }: InterceptOptions): void {
  try {
    send(response, { http: 200, body: control.answer(request, records()) });
  } catch (error) {
    send(response, errorAnswer(error));
  }
}

/** What a fault does when the request's effect lies behind it, or is never to come. */
async function strike(fault: RequestFault, exchange: Exchange, reply: Reply, clock: Clock): Promise<void> {
  const { request, response } = exchange;
  switch (fault.kind) {
    case 'refuse':
      return sendText(response, refused(fault, request));
    case 'expired-token':
      return sendText(response, tokenRefused(request));
    case 'reset':
      return reset(response);
    case 'hang':
    case 'hold':
      return;
    case 'delay':
      await linger(response, fault.ms, clock);
      return send(response, reply);
    case 'drip':
      return drip(response, reply, fault, clock);
    case 'malformed':
      return sendMalformed(response, reply, fault.text);
    case 'truncated':
      return truncate(response, reply);
    case 'state':
      return send(response, { ...reply, body: withState(reply.body, fault.state) });
  }
}

const NOTHING: Reply = { http: 200, body: {} };

/** Answers requests with the faults that a test has ordered. Requests about the service itself meet none. */
export function interceptor(options: InterceptOptions): (exchange: Exchange) => Promise<void> {
  const { control, clock } = options;
  return async (exchange) => {
    const { request, response } = exchange;
    response.setHeader('date', new Date(clock.now()).toUTCString());
    if (request.path === CONTROL_PATH) return answerControl(exchange, options);
    if (request.path.startsWith('/-/')) return send(response, await exchange.reply(request));
    const met = control.meet(request, tokenOf(request.headers));
    if (met === undefined) return send(response, await replyTo(exchange, options));
    if (met === 'expired') return sendText(response, tokenRefused(request));
    if (momentOf(met) === 'after') return strike(met.fault, exchange, await replyTo(exchange, options), clock);
    // What is on its way takes effect, though whoever asked waits no more.
    if (met.fault.kind === 'delay') await clock.sleep(met.fault.ms);
    else if (met.fault.kind === 'hold') await control.released();
    else return strike(met.fault, exchange, NOTHING, clock);
    return send(response, await replyTo(exchange, options));
  };
}
