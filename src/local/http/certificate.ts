import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { promisify } from 'node:util';
import { messageOf, UserError } from '../../faults.ts';

/** What the service shows that it is this machine's, and what its clients need to believe it. */
export interface Certificate {
  /** PEM. */
  readonly key: string;
  /** PEM, with its authority's behind it. */
  readonly cert: string;
  /** File of the authority alone: for NODE_EXTRA_CA_CERTS and gcloud's core/custom_ca_certs_file. */
  readonly caFile: string;
  /** File of the authority and of the public ones: for REQUESTS_CA_BUNDLE, which takes the place of all others. */
  readonly bundleFile: string;
}

/** The names that the guard answers to. */
const CONFIG = `
[req]
distinguished_name = name
prompt = no
[name]
CN = Train on Vertex AI, local service
[authority]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
nameConstraints = critical, permitted;DNS:localhost, permitted;IP:127.0.0.1/255.255.255.255, permitted;IP:0:0:0:0:0:0:0:1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1
`;

/** Clients refuse certificates that are good for longer (825 days, Apple's rule); the service makes one at each start. */
const DAYS = '90';

async function run(program: string, cwd: string, args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(program, [...args], { cwd, timeout: 60_000 });
  } catch (error) {
    throw new UserError(
      `--tls makes a certificate with the program openssl, which has not done it: ${messageOf(error)}\nInstall openssl, or start the service without --tls: it listens on loopback alone.`,
      { cause: error },
    );
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-config', 'config'] as const;

/**
 * Makes a certificate for loopback, of an authority that can vouch for nothing else and whose key is gone afterwards.
 * The files for clients lie in `folder`. Throws UserError where openssl is missing.
 */
export async function makeCertificate(folder: string, program = 'openssl'): Promise<Certificate> {
  const work = await mkdtemp(join(tmpdir(), 'train-on-vertex-tls-'));
  const openssl = (...args: readonly string[]) => run(program, work, args);
  try {
    await writeFile(join(work, 'config'), CONFIG);
    const authority = ['-keyout', 'ca.key', '-out', 'ca.pem', '-extensions', 'authority', '-days', DAYS];
    await openssl('req', '-x509', ...NEW_KEY, ...authority);
    // Another name than the authority's: with the same the certificate would look as if it had signed itself.
    const asked = ['-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost'];
    await openssl('req', '-new', ...NEW_KEY, ...asked);
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', '2', '-days', DAYS];
    const extensions = ['-extfile', 'config', '-extensions', 'server'];
    await openssl('x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...signed, ...extensions);
    const text = (name: string) => readFile(join(work, name), 'utf8');
    const [ca, server, key] = [await text('ca.pem'), await text('server.pem'), await text('server.key')];
    await mkdir(folder, { recursive: true });
    const [caFile, bundleFile] = [join(folder, 'ca.pem'), join(folder, 'ca-bundle.pem')];
    await writeFile(caFile, ca);
    await writeFile(bundleFile, [ca, ...rootCertificates, ''].join('\n'));
    return { key, cert: `${server}${ca}`, caFile, bundleFile };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
