import { lines } from './repository.ts';

/** RUN instructions, the files they read, and whether cloudml-hypertune is missed. */
export const INSTALL_CASES: readonly {
  readonly name: string;
  readonly run: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly missed: boolean;
}[] = [
  { name: 'by name', run: 'RUN pip install --no-cache-dir "cloudml-hypertune>=0.1"', missed: false },
  { name: 'by its other spelling', run: 'RUN python -m pip install cloudml_hypertune', missed: false },
  { name: 'another package', run: 'RUN pip install torch', missed: true },
  { name: 'in a heredoc', run: 'RUN <<EOF\npip install \\\n  cloudml-hypertune\nEOF', missed: false },
  { name: 'in exec form', run: 'RUN ["pip", "install", "cloudml-hypertune"]', missed: false },
  {
    name: 'in a requirements file',
    run: 'RUN pip install -r requirements.txt',
    files: { 'requirements.txt': 'cloudml-hypertune' },
    missed: false,
  },
  {
    name: 'in one that another includes',
    run: 'RUN pip install --requirement=a/r.txt',
    files: { 'a/r.txt': '-r ../b.txt', 'b.txt': 'Cloudml.Hypertune' },
    missed: false,
  },
  { name: 'in a file that is not in the image', run: 'RUN pip install -r /tmp/requirements.txt', missed: false },
  { name: 'in a file behind cd', run: 'RUN cd a && pip install -r r.txt', files: { 'a/r.txt': 'torch' }, missed: true },
  { name: 'includes in a circle', run: 'RUN pip install -r r.txt', files: { 'r.txt': '-r r.txt' }, missed: true },
  { name: 'a variable', run: 'RUN pip install $EXTRA', missed: false },
  { name: 'a wheel', run: 'RUN pip install dist/acme-1.0.whl', missed: false },
  {
    name: 'the project, which names it',
    run: 'RUN pip install .',
    files: { 'pyproject.toml': 'dependencies = ["cloudml-hypertune"]' },
    missed: false,
  },
  {
    name: 'the project, which does not',
    run: 'RUN pip install -e .[train]',
    files: { 'pyproject.toml': 'dependencies = ["torch"]' },
    missed: true,
  },
  {
    name: 'poetry',
    run: 'RUN pip install poetry && poetry install --no-root',
    files: { 'pyproject.toml': 'torch = "2"' },
    missed: true,
  },
  {
    name: 'uv sync',
    run: 'RUN uv sync --frozen',
    files: { 'pyproject.toml': 'dependencies = []', 'uv.lock': 'name = "cloudml-hypertune"' },
    missed: false,
  },
  { name: 'uv pip', run: 'RUN uv pip install --system torch', missed: true },
  {
    name: 'conda',
    run: 'RUN conda env create -f environment.yml',
    files: { 'environment.yml': lines('dependencies:', '  - pip:', '    - cloudml-hypertune') },
    missed: false,
  },
  {
    name: 'conda without it',
    run: 'RUN conda env create --file environment.yml',
    files: { 'environment.yml': lines('dependencies:', '  - numpy') },
    missed: true,
  },
  {
    name: 'a script of its own',
    run: 'RUN ./install.sh && bash setup.sh',
    files: { 'setup.sh': 'pip install cloudml-hypertune' },
    missed: false,
  },
  { name: 'no install', run: 'RUN apt-get update', missed: true },
];
