// The command line: reads the options, starts an emulator, and says where it is and who can sign in.
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { DirectoryData } from '../directory/model.ts'
import { createEmulator, type Emulator } from '../emulator/emulator.ts'
import { EmulatorOptionsError } from '../kernel/errors.ts'
import type { EmulatorOptions } from '../emulator/options.ts'
import { configUsage, fetchSettings } from './config-command.ts'
import { describe, describeAsJson } from './describe-emulator.ts'
import { diagnose, doctorUsage } from './doctor-command.ts'
import { watchDirectory } from './watch-directory.ts'
import { fetchToken, tokenUsage } from './token-command.ts'

const defaultPort = 8444

const usage = `Usage: midtier-emulator [options]

An Entra ID on this machine: unmodified MSAL clients sign in against it, offline.

  --port <number>           http port on 127.0.0.1 (default ${String(defaultPort)}; 0: any free one)
  --https-port <number>     https port on 127.0.0.1 (default: no https; 0: any free one)
  --public-origin <origin>  the one origin that issuers name (default: each listener names itself)
  --directory <file>        tenants, users and applications as JSON, read again when it is edited (default: the ready-made directory)
  --state <directory>       keeps keys and consents, so that tokens and sessions survive a restart
  --resource-indicators <checked|ignored|refused>
                            what becomes of resource= on v2.0 endpoints (default: checked, as in Entra since March 2026)
  --json                    prints one line of JSON for programs
  --help                    prints this

It ends with 0 when it was stopped by a signal, with 1 when it could not start. The commands below end with 0 when they did what was asked
for, and with 1 when they could not.

${tokenUsage}
${configUsage()}
${doctorUsage}`

const flags = {
  port: { type: 'string' },
  'https-port': { type: 'string' },
  'public-origin': { type: 'string' },
  directory: { type: 'string' },
  state: { type: 'string' },
  'resource-indicators': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

type Flags = ReturnType<typeof parseArgs<{ options: typeof flags }>>['values']

/** What there is beside starting an emulator: commands that ask one that runs, and print what it said. */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<string>>> = {
  token: fetchToken,
  config: fetchSettings,
}

/** Where the command writes. */
export interface CommandOutput {
  /** What was asked for. */
  readonly write: (text: string) => void
  /** What went wrong. */
  readonly writeError: (text: string) => void
  /** Told how the process ends when it is not with 0. */
  readonly exitWith?: (code: number) => void
}

/**
 * Runs the command.
 * @returns the running emulator; `undefined` when something else was asked for
 * @throws {EmulatorOptionsError} naming the option that is wrong
 * @throws {PortInUseError} when a port is taken
 */
export async function runCommand(
  args: readonly string[],
  output: CommandOutput,
): Promise<Emulator | undefined> {
  const [name = '', ...rest] = args
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command !== undefined && !args.includes('--help')) {
    output.write(`${await command(rest)}\n`)
    return undefined
  }
  if (name === 'doctor' && !args.includes('--help')) {
    await examineClient(rest, output)
    return undefined
  }
  const values = parseFlags(command === undefined && name !== 'doctor' ? args : ['--help'])
  if (values.help === true) {
    output.write(usage)
    return undefined
  }
  const emulator = await createEmulator(await readOptions(values, output))
  output.write(values.json === true ? `${describeAsJson(emulator)}\n` : describe(emulator))
  return values.directory === undefined ? emulator : followed(emulator, values.directory, output)
}

function followed(emulator: Emulator, file: string, { writeError }: CommandOutput): Emulator {
  const end = watchDirectory(file, emulator, (message) => writeError(`${message}\n`))
  return {
    ...emulator,
    stop: () => {
      end()
      return emulator.stop()
    },
  }
}

/** What the doctor says goes to the output; what it cannot examine is an error of its own. */
async function examineClient(args: readonly string[], output: CommandOutput): Promise<void> {
  try {
    const { text, exitCode } = await diagnose(args)
    output.write(`${text}\n`)
    if (exitCode !== 0) output.exitWith?.(exitCode)
  } catch (error) {
    if (!(error instanceof EmulatorOptionsError)) throw error
    output.writeError(`midtier-emulator: ${error.message}\n`)
    output.exitWith?.(2)
  }
}

function parseFlags(args: readonly string[]): Flags {
  try {
    return parseArgs({ args: [...args], options: flags, strict: true }).values
  } catch (error) {
    // parseArgs names the option that it does not know, or whose value is missing.
    if (error instanceof TypeError) throw new EmulatorOptionsError('command line', error.message)
    throw error
  }
}

async function readOptions(values: Flags, { writeError }: CommandOutput): Promise<EmulatorOptions> {
  const { state, directory } = values
  const httpsPort = values['https-port']
  const publicOrigin = values['public-origin']
  const resourceIndicators = values['resource-indicators']
  return {
    port: values.port === undefined ? defaultPort : readPort('--port', values.port),
    ...(httpsPort !== undefined && { httpsPort: readPort('--https-port', httpsPort) }),
    ...(publicOrigin !== undefined && { publicOrigin }),
    ...(state !== undefined && { stateDirectory: state }),
    ...(resourceIndicators !== undefined && { resourceIndicators: readIndicators(resourceIndicators) }),
    ...(directory !== undefined && { directory: await readDirectory(directory) }),
    log: (message) => writeError(`${message}\n`),
  }
}

function readPort(option: string, text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text)
  throw new EmulatorOptionsError(option, `"${text}" is not a port number`)
}

function readIndicators(text: string): NonNullable<EmulatorOptions['resourceIndicators']> {
  if (text === 'checked' || text === 'ignored' || text === 'refused') return text
  throw new EmulatorOptionsError('--resource-indicators', `"${text}" is not checked, ignored or refused`)
}

// The shape is checked by createEmulator, which names the path of a mistake.
async function readDirectory(file: string): Promise<DirectoryData> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as DirectoryData
  } catch (error) {
    if (error instanceof Error) throw new EmulatorOptionsError('--directory', `${file}: ${error.message}`)
    throw error
  }
}
