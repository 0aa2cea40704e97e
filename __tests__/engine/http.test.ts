import { describe, expect, it } from '@jest/globals';
import { parseEngineAddress } from '../../src/engine/http.ts';

describe('parseEngineAddress', () => {
  it.each([
    ['unix:///var/run/docker.sock', { socketPath: '/var/run/docker.sock' }],
    ['npipe:////./pipe/docker_engine', { socketPath: '//./pipe/docker_engine' }],
    ['tcp://127.0.0.1:2375', { host: '127.0.0.1', port: 2375 }],
    ['tcp://[::1]:2375', { host: '::1', port: 2375 }],
  ])('%s', (text, expected) => {
    expect(parseEngineAddress(text)).toEqual(expected);
  });

  it.each(['tcp://10.0.0.1:2375', 'ssh://me@host', 'docker'])('refuses %s', (text) => {
    expect(() => parseEngineAddress(text)).toThrow(/accepted are unix:/);
  });
});
