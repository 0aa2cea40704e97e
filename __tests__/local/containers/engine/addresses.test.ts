import { describe, expect, it } from '@jest/globals';
import { addressesIn } from '../../../../src/local/containers/engine/addresses.ts';

describe('addressesIn', () => {
  it.each([
    ['a wide subnet', '172.20.0.0/16', 2, ['172.20.0.2', '172.20.0.3']],
    ['a part of one', '192.168.7.64/28', 2, ['192.168.7.66', '192.168.7.67']],
    ['the last that fits', '10.0.0.0/29', 5, ['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6']],
    ['one too many', '10.0.0.0/29', 6, undefined],
    ['IPv6', 'fd00::/64', 2, undefined],
    ['no subnet', '10.0.0.0', 1, undefined],
    ['nothing', '', 1, undefined],
  ])('%s', (_name, subnet, count, addresses) => {
    expect(addressesIn(subnet, count)).toEqual(addresses);
  });

  it('goes on behind the last part', () => {
    expect(addressesIn('10.0.0.0/16', 300)?.at(-1)).toBe('10.0.1.45');
  });
});
