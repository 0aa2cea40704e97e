import { expect, test } from '@jest/globals';
import { hasUnknownFrontend } from '../../../src/image/context/frontend.ts';

test.each([
  { text: '', unknown: false },
  { text: 'FROM scratch\n', unknown: false },
  { text: '# syntax=docker/dockerfile:1\nFROM scratch', unknown: false },
  { text: '# syntax=docker/dockerfile\nFROM scratch', unknown: false },
  { text: '# syntax = docker.io/docker/dockerfile:1.7-labs\r\nFROM scratch', unknown: false },
  { text: `#syntax=docker/dockerfile:1@sha256:${'a'.repeat(64)}\nFROM scratch`, unknown: false },
  { text: '# syntax=docker/dockerfile-upstream:master\nFROM scratch', unknown: false },
  { text: '# syntax=docker/dockerfile:1.0\nFROM scratch', unknown: true },
  { text: '# syntax=docker/dockerfile:1.0-experimental\nFROM scratch', unknown: true },
  { text: '# syntax=docker/dockerfile:experimental\nFROM scratch', unknown: true },
  { text: '# syntax=example.com/frontend:1\nFROM scratch', unknown: true },
  { text: '# syntax=example.com/docker/dockerfile:1\nFROM scratch', unknown: true },
  { text: '\ufeff# escape=`\n# SYNTAX=example.com/frontend\nFROM scratch', unknown: true },
  { text: '#!/usr/bin/env build\n# syntax=example.com/frontend\nFROM scratch', unknown: true },
  { text: '// syntax=example.com/frontend\nanything', unknown: true },
  { text: '{"syntax": "example.com/frontend"}', unknown: true },
  { text: 'FROM scratch\n# syntax=example.com/frontend', unknown: false },
])('$text: $unknown', ({ text, unknown }) => {
  expect(hasUnknownFrontend(text)).toBe(unknown);
});
