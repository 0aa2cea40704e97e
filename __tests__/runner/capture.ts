import { afterEach, beforeEach, jest } from '@jest/globals';

/** Catches what goes to the runner on stdout in each test of the file. */
export function capturedStdout(): () => string {
  let text = '';
  beforeEach(() => {
    text = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      text += String(chunk);
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  return () => text;
}
