export interface Rule {
  /** As `ignore` takes it. */
  readonly name: string;
  readonly meaning: string;
}

/** Every rule about a Dockerfile and the program it starts, by name. */
export const RULES: readonly Rule[] = [
  {
    name: 'arguments-replace-cmd',
    meaning: "The job's arguments take CMD's place, and no program is left to take them.",
  },
  { name: 'arguments-unread', meaning: 'A tuning job varies parameters, and the program reads no command line.' },
  { name: 'default-target-server', meaning: 'The stage that is built starts a server, which never ends.' },
  { name: 'entrypoint-json-slip', meaning: 'An ENTRYPOINT or CMD is meant as a JSON array and is none.' },
  { name: 'entrypoint-shell-form', meaning: 'An ENTRYPOINT in shell form drops all arguments.' },
  {
    name: 'flag-abbreviated',
    meaning: 'A parameter is the beginning of a flag, and passes for it only by abbreviation.',
  },
  { name: 'flag-form', meaning: 'The program takes name=value (Hydra), and a job passes --name=value.' },
  { name: 'flag-unknown', meaning: 'The program refuses a flag that it is given, or drops it unseen.' },
  { name: 'hypertune-missing', meaning: 'A tuning job, and nothing installs cloudml-hypertune.' },
  { name: 'metric-not-reported', meaning: 'A tuning job asks for a metric that no code reports.' },
  { name: 'metrics-file-not-written', meaning: 'A job is to write its metrics to a file, and no code names it.' },
  { name: 'model-not-written', meaning: 'A model is uploaded or downloaded, and no code names its folder.' },
  { name: 'shell-command-drops-arguments', meaning: 'A shell\'s -c text without "$@" drops all arguments.' },
  { name: 'shell-command-loses-first', meaning: "The first argument behind a shell's -c text becomes $0." },
  { name: 'stage-missing', meaning: 'The target names no stage of the Dockerfile.' },
  { name: 'start-script-drops-arguments', meaning: 'A start script without "$@" drops all arguments.' },
];
