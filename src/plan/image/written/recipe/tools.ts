/** Programs that are installed for the build, as of November 2026 on PyPI. Poetry and pipenv only write a list for pip. */
export const TOOLS = {
  uv: ['uv==0.13.9'],
  poetry: ['poetry==2.5.1', 'poetry-plugin-export==1.10.1'],
  /** The last one for Python 3.9. */
  poetryOld: ['poetry==2.2.1', 'poetry-plugin-export==1.9.0'],
  pipenv: ['pipenv==2026.10.3'],
  /** The only versions of it are marked as previews; this is the last. */
  hypertune: 'cloudml-hypertune==0.1.0.dev6',
  micromamba: 'mambaorg/micromamba:2.3.3',
} as const;

/** Where the tools' own environment lies while the image is built. */
export const TOOLS_FOLDER = '/opt/tools';
