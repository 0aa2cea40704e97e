import { DockerfileParser, type ModifiableInstruction } from 'dockerfile-ast';
import { closestMatch } from 'leven';
import { type Fault, shown } from '../../faults.ts';

export interface SecretMountsRequest {
  /** Path of the Dockerfile, relative to the workspace. */
  readonly dockerfile: string;
  readonly text: string;
  /** Ids of the secrets that the build is given. */
  readonly given: readonly string[];
}

export interface SecretMountsVerdict {
  readonly errors: readonly Fault[];
  readonly warnings: readonly Fault[];
}

interface Mount {
  readonly id: string;
  readonly required: boolean;
  /** From 1. */
  readonly line: number;
}

/** Holds the secrets that RUN instructions mount against those that the step gives. */
export function judgeSecretMounts(request: SecretMountsRequest): SecretMountsVerdict {
  const mounts = mountsOf(request.text);
  const missing = mounts.filter(({ id }) => !request.given.includes(id));
  const fault = (mount: Mount) => missingFault(mount, request);
  return {
    errors: missing.filter(({ required }) => required).map(fault),
    warnings: [...missing.filter(({ required }) => !required).map(fault), ...idle(mounts, request)],
  };
}

function missingFault({ id, required, line }: Mount, { dockerfile, given }: SecretMountsRequest): Fault {
  const nearest = closestMatch(id, [...given]);
  const hint = nearest === undefined ? '' : ` The nearest that is given is ${shown(nearest)}.`;
  const ends = required ? 'the build fails' : 'the file is not there, and what reads it goes without';
  const message = `RUN mounts the secret ${shown(id)}, which no input gives: ${ends}.${hint} Give it in build_secrets, build_secret_envs or build_secret_files.`;
  return { rule: 'secret-missing', place: { file: dockerfile, line }, message };
}

function idle(mounts: readonly Mount[], { dockerfile, given }: SecretMountsRequest): readonly Fault[] {
  const ids = mounts.map(({ id }) => id);
  return given
    .filter((id) => !ids.includes(id))
    .map((id) => {
      const message = `gives the secret ${shown(id)}, which no RUN of ${dockerfile} mounts (--mount=type=secret,id=${id}). Remove it, or mount it.`;
      return { rule: 'secret-unused', input: 'build_secrets', message };
    });
}

function mountsOf(text: string): readonly Mount[] {
  return DockerfileParser.parse(text)
    .getInstructions()
    .filter((instruction) => instruction.getKeyword() === 'RUN')
    .flatMap((run) => secretsOf(run as ModifiableInstruction));
}

function secretsOf(run: ModifiableInstruction): readonly Mount[] {
  return run.getFlags().flatMap((flag) => {
    const fields = new Map((flag.getValue() ?? '').split(',').map((field) => splitField(field)));
    if (flag.getName() !== 'mount' || fields.get('type') !== 'secret') return [];
    // BuildKit takes the target's last part where no id is named (dockerfile reference, RUN --mount=type=secret).
    const target = fields.get('target') ?? fields.get('dst') ?? fields.get('destination');
    const id = fields.get('id') ?? target?.split('/').at(-1) ?? '';
    if (id === '' || id.includes('$')) return [];
    const required = fields.get('required') !== undefined && fields.get('required') !== 'false';
    return [{ id, required, line: flag.getRange().start.line + 1 }];
  });
}

function splitField(field: string): [string, string] {
  const [name = '', ...value] = field.split('=');
  return [name.trim().toLowerCase(), value.join('=')];
}
