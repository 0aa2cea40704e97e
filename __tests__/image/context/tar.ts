/** One entry of a tar archive, as far as a test of a context asks. */
export interface TarEntry {
  /** One character for each byte; without a slash at the end. */
  readonly raw: string;
  /** `0` file, `1` hard link, `2` link, `3` and `4` devices, `5` folder, `6` pipe. */
  readonly type: string;
  readonly mode: number;
  readonly target: string;
  readonly content: Buffer;
}

const BLOCK = 512;

function field(header: Buffer, from: number, length: number): string {
  const text = header.toString('latin1', from, from + length);
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}

/** PAX records: `length key=value`, the length counting all of it. */
function records(bytes: Buffer): Map<string, string> {
  const found = new Map<string, string>();
  for (let text = bytes.toString('latin1'); text !== ''; ) {
    const length = Number(text.slice(0, text.indexOf(' ')));
    const record = text.slice(text.indexOf(' ') + 1, length - 1);
    found.set(record.slice(0, record.indexOf('=')), record.slice(record.indexOf('=') + 1));
    text = text.slice(length);
  }
  return found;
}

export function readTar(archive: Buffer): readonly TarEntry[] {
  const entries: TarEntry[] = [];
  let extended = new Map<string, string>();
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const size = Number.parseInt(field(header, 124, 12), 8);
    const content = archive.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const type = field(header, 156, 1);
    if (type === 'x') {
      extended = records(content);
      continue;
    }
    const prefix = field(header, 345, 155);
    const name = extended.get('path') ?? `${prefix === '' ? '' : `${prefix}/`}${field(header, 0, 100)}`;
    const target = extended.get('linkpath') ?? field(header, 157, 100);
    entries.push({
      raw: name.replace(/\/$/, ''),
      type: type === '' ? '0' : type,
      mode: Number.parseInt(field(header, 100, 8), 8) & 0o7777,
      target,
      content,
    });
    extended = new Map();
  }
  return entries;
}
