/** Variables that every build may read without naming them, and that may hold passwords (docs.docker.com, predefined ARGs). */
export const PROXIES: readonly string[] = ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap(
  (name) => [name, name.toLowerCase()],
);
