import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Restarts, restartNote } from '../../../../src/local/containers/pools/restarts.ts';

const exit = (exitCode: number, more: object = {}) => ({ exitCode, oomKilled: false, ...more });
const killed = exit(137, { endedByOthers: true });

describe('Restarts', () => {
  it.each([
    ['a user code exception', exit(1), 'job-fails'],
    ['another code of the program', exit(42), 'job-fails'],
    ['SIGKILL that nobody is known to have sent', exit(137), 'job-fails'],
    ['lack of memory', exit(137, { oomKilled: true }), 'job-fails'],
    ['lack of memory, told as SIGABRT', exit(134, { oomKilled: true }), 'job-fails'],
    ['SIGABRT', exit(6), 'job-again'],
    ['SIGABRT by a shell', exit(134), 'job-again'],
    ['SIGSEGV', exit(11), 'job-again'],
    ['SIGSEGV by a shell', exit(139), 'job-again'],
    ['a container that was killed', killed, 'replica-again'],
  ])('%s', (_name, given, course) => {
    expect(new Restarts().after('workerpool0-0', given)).toBe(course);
    expect(new Restarts({ disableRetries: true }).after('workerpool0-0', given)).toBe('job-fails');
  });

  it('restarts a replica five times, then tries the job three times, each with five restarts', () => {
    const restarts = new Restarts();
    const round = [...Array(5).fill('replica-again'), 'job-again'];
    const seen = Array.from({ length: 24 }, () => restarts.after('workerpool1-0', killed));
    expect(seen).toEqual([...round, ...round, ...round, ...Array(5).fill('replica-again'), 'job-fails']);
  });

  it('counts the restarts of each replica by themselves', () => {
    const restarts = new Restarts();
    for (let count = 0; count < 5; count += 1) restarts.after('workerpool1-0', killed);
    expect(restarts.after('workerpool1-1', killed)).toBe('replica-again');
  });

  it('tries the job three times for exit codes that may pass', () => {
    const restarts = new Restarts();
    const seen = [134, 139, 6, 11].map((code) => restarts.after('workerpool0-0', exit(code)));
    expect(seen).toEqual(['job-again', 'job-again', 'job-again', 'job-fails']);
  });

  it('restarts the whole job with a replica where that is asked for, unless retries are disabled', () => {
    expect(new Restarts({ restartJobOnWorkerRestart: true }).after('workerpool1-0', killed)).toBe('job-again');
    const both = { restartJobOnWorkerRestart: true, disableRetries: true };
    expect(new Restarts(both).after('workerpool1-0', killed)).toBe('job-fails');
  });

  it('makes three attempts in all where the service itself fails', () => {
    const restarts = new Restarts();
    const seen = Array.from({ length: 3 }, () => restarts.afterInternalError());
    expect(seen).toEqual(['job-again', 'job-again', 'job-fails']);
    expect(new Restarts({ disableRetries: true }).afterInternalError()).toBe('job-fails');
  });

  it('comes to an end whatever happens', () => {
    const exits = fc.constantFrom(exit(1), exit(134), exit(139), killed);
    const replicas = fc.constantFrom('workerpool0-0', 'workerpool1-0', 'workerpool1-1');
    fc.assert(
      fc.property(fc.infiniteStream(fc.tuple(replicas, exits)), fc.boolean(), (ends, restartJobOnWorkerRestart) => {
        const restarts = new Restarts({ restartJobOnWorkerRestart });
        let count = 0;
        for (const [replica, end] of ends) {
          count += 1;
          if (restarts.after(replica, end) === 'job-fails') break;
        }
        // Four attempts, in each of which three replicas are restarted five times, and one end more.
        expect(count).toBeLessThanOrEqual(4 * (3 * 5 + 1));
      }),
    );
  });
});

describe('restartNote', () => {
  it.each([
    [exit(139), 'job-again', 'exited with a non-zero status of 139 (SIGSEGV). The job is tried again.'],
    [killed, 'replica-again', 'exited with a non-zero status of 137, ended from outside. The replica is restarted.'],
    [exit(1), 'job-again', 'exited with a non-zero status of 1. The job is tried again.'],
  ] as const)('%j', (given, course, text) => {
    expect(restartNote('workerpool1-0', given, course)).toBe(`The replica workerpool1-0 ${text}`);
  });
});
