// A command as it is typed, in this process: its exit code, and what it writes where.
import { PassThrough } from 'node:stream'
import { runCommand } from '../../src/bin/run-command.ts'

/** How a command ended. */
export interface Run {
  readonly code: number
  readonly output: string
  readonly errors: string
}

/** Runs a command in a page of 80 columns without colour. */
export async function run(
  args: readonly string[],
  { stdin = '', environment = {} }: { stdin?: string; environment?: Readonly<Record<string, string>> } = {},
): Promise<Run> {
  const written = { output: '', errors: '' }
  const input = new PassThrough()
  input.end(stdin)
  const code = await runCommand(args, {
    input,
    output: { write: (text) => (written.output += text), isTTY: false, columns: 80 },
    errors: { write: (text) => (written.errors += text) },
    environment,
    version: '1.2.3',
    nodeVersion: '22.20.0',
    supported: { node: '>=20.19' },
  })
  return { code, ...written }
}

/** As it would look at the prompt: what was typed, what came, and the exit code where it is not 0. */
export async function transcript(
  line: string,
  ...more: Parameters<typeof run> extends [unknown, ...infer Rest] ? Rest : never
): Promise<string> {
  const [, ...args] = line.split(' ')
  const { code, output, errors } = await run(args, ...more)
  return `$ ${line}\n${output}${errors}${code === 0 ? '' : `exit code ${String(code)}\n`}`
}
