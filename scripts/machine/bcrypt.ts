import { randomBytes } from 'node:crypto';
import { must } from './run.ts';

const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
// The lowest cost that bcrypt takes: the registry computes it for every request.
const COST = '04';

function salt(): string {
  const letters = Array.from(randomBytes(21), (byte) => ALPHABET[byte % 64]).join('');
  // Only two bits of the 22nd letter count; '.' has them clear.
  return `$2y$${COST}$${letters}.`;
}

/**
 * The password's bcrypt hash, made by the C library's crypt through Perl, which every Debian has. The password goes through
 * standard input: arguments can be read by others.
 */
export async function bcrypt(password: string): Promise<string> {
  const program = 'my ($salt, $password) = split /\\n/, join("", <STDIN>), 2; print crypt($password, $salt);';
  const hash = await must('perl', ['-e', program], { input: `${salt()}\n${password}` });
  if (!hash.startsWith('$2y$')) throw new Error("this machine's crypt knows no bcrypt");
  return hash;
}
