// The streams of a command that nobody types into.
import { PassThrough } from 'node:stream'
import type { CommandStreams } from '../../src/bin/streams.ts'

export function commandStreams(
  environment: Readonly<Record<string, string>>,
): CommandStreams & { said(): string } {
  let said = ''
  const errors = { write: (text: string): void => void (said += text) }
  return {
    input: new PassThrough(),
    output: { write: () => undefined },
    errors,
    environment,
    version: '0.0.0',
    nodeVersion: '22.20.0',
    supported: {},
    said: () => said.replaceAll('\n', ' '),
  }
}
