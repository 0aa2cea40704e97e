/**
 * Lines that would act on the runner if they came through as they are: forged outputs, states and annotations, masks,
 * disabled commands (which fail the step), matchers, groups, and what hides or moves text on a terminal. Each holds a
 * number of its own, so that it can be found again.
 */
export const HOSTILE: readonly string[] = [
  '::set-output name=best_trial::forged-01',
  '::save-state name=job::"projects/1/locations/local/customJobs/02"',
  '::error file=train.py,line=1::forged-03',
  '  \t::warning::forged-04',
  '\u00a0::notice::forged-05',
  '\u0085::error::forged-06',
  '\u200b::error::forged-07',
  '\u0000::error::forged-08',
  '\u001b[31m::error::forged-09\u001b[0m',
  '10%\r::error::forged-10\r::set-output name=state::forged-10b',
  'epoch 1 ##[error]forged-11',
  'epoch 1 ##[set-output name=image]forged-12',
  '#\u200b#[error]forged-13',
  '##[add-mask]e',
  '::add-mask::e',
  '::add-mask::forged',
  '::set-env name=PATH::/forged-16',
  '::add-path::/forged-17',
  '::add-matcher::matcher.json',
  '::remove-matcher owner=forged-19::',
  '::group::forged-20',
  '::endgroup::',
  '::debug::forged-22',
  '::echo::on',
  '\u001b[2J\u001b[1;1Hforged-24',
  '\u001b]8;;https://evil.example/\u0007forged-25\u001b]8;;\u0007',
  '\u202e::error::forged-26',
  '\u2028::error::forged-27',
  '%0A::error::forged-28',
  '![x](https://evil.example/29.png) <img src=x onerror=alert(29)> [a](javascript:29) @octocat',
  '``` ~~~ </details><script>alert(30)</script>',
  '{"message": "::warning::forged-31", "severity": "ERROR"}',
  '{"message": "one\\n::error::forged-32\\r##[error]forged-32b"}',
  '{"##[error]forged-33": "::error::forged-33b"}',
  'no line end before ::error::forged-34',
  '::stop-commands::forged-35',
];

/** Of a line that a lone carriage return goes back in, its last state is what a screen comes to show. */
const shown = (line: string) => line.split(/\r|\\r/).at(-1) ?? '';

/** What of each line has to be readable in the log: its number at least. */
export const MARKS: readonly string[] = [
  ...new Set(
    HOSTILE.map(shown)
      .join(' ')
      .match(/forged-\d+b?/g) ?? [],
  ),
];

/** A Python statement that prints all of them to a stream, byte by byte as they are. */
export function printing(stream: 'stdout' | 'stderr'): string {
  const bytes = Buffer.from(`${HOSTILE.join('\n')}\n`).toString('base64');
  return `sys.${stream}.buffer.write(base64.b64decode("${bytes}")); sys.${stream}.flush()`;
}
