// `midtier-emulator doctor`: why a client does not connect, and what cures it.
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { examine } from '../doctor/examine.ts'
import type { Finding } from '../doctor/finding.ts'
import { readSubject, subjectOf, type Subject } from '../doctor/subject.ts'
import { parseObject } from '../kernel/base64url.ts'
import { EmulatorOptionsError } from '../kernel/errors.ts'
import { defaultUrl } from './ask.ts'

/** How it is used, for the help of the command. */
export const doctorUsage = `Usage: midtier-emulator doctor [url or file] [--json]

Finds out why a client does not connect, and what cures it:

  [url or file]        an address of the emulator or of an authority, or a JSON file with a client's configuration:
                       MSAL's { "auth": { authority, clientId, redirectUri, knownAuthorities, authorityMetadata } }
                       or { authority or instance and tenantId, clientId, redirectUri } (default http://localhost:8444)
  --json               prints the findings as JSON, for programs

It ends with 0 when all is well, 1 when something was found, 2 when there was nothing to examine.
`

/** What is printed, and how the process ends. */
export interface Diagnosis {
  readonly text: string
  readonly exitCode: 0 | 1
}

/** Examines. @throws {EmulatorOptionsError} when there is nothing to examine */
export async function diagnose(args: readonly string[]): Promise<Diagnosis> {
  const { values, positionals } = parse(args)
  const [target = defaultUrl, ...more] = positionals
  if (more.length > 0)
    throw new EmulatorOptionsError('doctor', `one url or file, not ${String(positionals.length)}`)
  const findings = await examine(await readTarget(target))
  const isWell = findings.every((finding) => finding.isWell)
  const text = values.json === true ? JSON.stringify({ isWell, findings }) : findings.map(describe).join('\n')
  return { text, exitCode: isWell ? 0 : 1 }
}

function parse(args: readonly string[]): { values: { json?: boolean }; positionals: readonly string[] } {
  try {
    const options = { json: { type: 'boolean' } } as const
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true })
  } catch (error) {
    if (error instanceof TypeError) throw new EmulatorOptionsError('command line', error.message)
    throw error
  }
}

async function readTarget(target: string): Promise<Subject> {
  if (/^https?:/i.test(target) && URL.canParse(target)) return subjectOf(target)
  let text: string
  try {
    text = await readFile(target, 'utf8')
  } catch (error) {
    if (error instanceof Error) throw new EmulatorOptionsError('doctor', `${target}: ${error.message}`)
    throw error
  }
  const config = parseObject(text)
  if (config === undefined) throw new EmulatorOptionsError('doctor', `${target} holds no JSON object`)
  return readSubject(config)
}

function describe({ check, isWell, seen, remedy }: Finding): string {
  const line = `${isWell ? 'ok  ' : 'ILL '} ${check}: ${seen}`
  return remedy === undefined ? line : `${line}\n     Remedy: ${remedy}`
}
