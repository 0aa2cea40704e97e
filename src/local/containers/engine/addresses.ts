import { isIPv4 } from 'node:net';

/** Of the engine's first network address the gateway has one; the replicas follow. */
const FIRST = 2;

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function textOf(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join('.');
}

/**
 * As many addresses of a subnet (`172.20.0.0/16`) as there are replicas, its gateway's left out; undefined where that is no
 * IPv4 subnet, or one too small.
 */
export function addressesIn(subnet: string, count: number): string[] | undefined {
  const [base = '', bits = ''] = subnet.split('/');
  if (!isIPv4(base) || !/^\d{1,2}$/.test(bits)) return undefined;
  // The last address of a subnet is its broadcast address.
  if (FIRST + count >= 2 ** (32 - Number(bits))) return undefined;
  return Array.from({ length: count }, (_unused, index) => textOf(numberOf(base) + FIRST + index));
}
