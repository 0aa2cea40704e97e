import { type Fault, shown } from '../../../faults.ts';
import { hasApt, type PythonSource } from './recipe/python.ts';
import { systemPackages } from './recipe/system.ts';
import type { WrittenRequest } from './request.ts';

/** A base on which the file could not be built. */
export function baseFaults({ base, python, requirements }: WrittenRequest, source: PythonSource): Fault[] {
  if (!/^\w[\w./:@-]*$/.test(base.image)) {
    const message = `${shown(base.image)} is no name of an image. Give it as NAME:TAG or NAME@sha256:DIGEST.`;
    return [{ rule: 'base-image-name', input: 'base_image', message }];
  }
  if (!/^\d+\.\d+(?:\.\d+)?$/.test(python)) {
    const message = `${shown(python)} is no version of Python that can be installed. Accepted are versions such as 3.12 and 3.12.4.`;
    return [{ rule: 'python-version', message }];
  }
  const needed = systemPackages(requirements);
  const conda = requirements?.installer === 'conda';
  if (hasApt(base.image) || ((source === 'system' || conda) && needed.length === 0)) return [];
  const what = source === 'system' || conda ? needed.join(' and ') : `Python ${python}`;
  const message = `${base.image} lacks ${what}, and the Dockerfile that is written for you installs such with apt-get, which this system does not have. Choose a base on Debian or Ubuntu, or add a Dockerfile.`;
  return [{ rule: 'base-image-system', input: 'base_image', message }];
}

export function emptyFaults({ requirements, base }: WrittenRequest): Fault[] {
  if (requirements !== undefined) return [];
  const message = `no file names the packages that the program needs: it gets those of ${base.image} alone. Add a requirements.txt, or pyproject.toml with a lock file.`;
  return [{ rule: 'requirements-missing', input: 'context', message }];
}
