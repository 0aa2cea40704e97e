/** The Castagnoli polynomial (RFC 3720, B.4), its bits turned round. */
const POLYNOMIAL = 0x82f63b78;

const TABLE = Uint32Array.from({ length: 256 }, (_unused, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ POLYNOMIAL : rest >>> 1;
  return rest;
});

/**
 * CRC-32C of a stream, chunk by chunk. The clients of this service have one of their own: a fault that both share would be
 * found by neither.
 */
export class Crc32c {
  #state = 0xffffffff;

  update(chunk: Uint8Array): void {
    let state = this.#state;
    for (const byte of chunk) state = (state >>> 8) ^ (TABLE[(state ^ byte) & 0xff] ?? 0);
    this.#state = state;
  }

  /** Base64 of the four bytes, the highest first, as Cloud Storage tells it. */
  digest(): string {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE((this.#state ^ 0xffffffff) >>> 0);
    return bytes.toString('base64');
  }
}
