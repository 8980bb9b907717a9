// The command line: reads the options, does what was asked for, and says by its exit code how that ended.
import { hasCode } from '../kernel/errors/known-errors.ts'
import { printableJson } from '../kernel/printable.ts'
import type { TokenExplanation } from '../protect/explain.ts'
import { createWebApi, explainToken } from '../web-api/create-web-api.ts'
import { commandOf, helpOf, parseCommandLine, type CommandLine, type Flags } from './command-line.ts'
import { formatExplanation } from './format-explanation.ts'
import { wrap } from './page.ts'
import { readOptions, readRequirements } from './read-options.ts'
import { readToken } from './read-token.ts'
import { UsageError } from './usage-error.ts'
import { pageStyle, type CommandStreams } from './streams.ts'
import { usages } from './usage.ts'

const exitCodes = { accepted: 0, refused: 1, wrongUsage: 2, undecided: 3, failed: 4 } as const

/** Runs the command and returns its exit code. Never rejects. */
export async function runCommand(args: readonly string[], streams: CommandStreams): Promise<number> {
  try {
    const line = parseCommandLine(args)
    const { values, command } = line
    if (values.help === true) streams.output.write(usages[command ?? 'explain'])
    else if (values.version === true) streams.output.write(`midtier ${streams.version}\n`)
    else return await (command === 'explain' ? explain(values, streams) : load(line, streams))
    return exitCodes.accepted
  } catch (error) {
    return report(error, args, streams)
  }
}

/** Loaded by whoever asks for it alone. */
async function load(line: CommandLine, streams: CommandStreams): Promise<number> {
  if (line.command === 'doctor') return (await import('./doctor-command.ts')).runDoctor(line, streams)
  if (line.command === 'plan') return (await import('./plan-command.ts')).runPlan(line, streams)
  return (await import('./registration-command.ts')).runRegistration(line, streams)
}

function report(error: unknown, args: readonly string[], { errors }: CommandStreams): number {
  if (error instanceof UsageError || hasCode(error, 'configuration_invalid')) {
    const command = commandOf(args)
    // What a file of registrations says is named as the file names it.
    const message = command === 'registration' ? error.message : nameFlag(error.message)
    const lines = [...wrap(`midtier: ${message}`, 80), `${helpOf(command)} lists the options.`]
    errors.write(`${lines.join('\n')}\n`)
    return exitCodes.wrongUsage
  }
  // The name alone: nobody knows what a message holds.
  errors.write(`midtier: failed unexpectedly (${error instanceof Error ? error.name : typeof error})\n`)
  return exitCodes.failed
}

/** A refused option, by the name under which it was given here. */
function nameFlag(message: string): string {
  return message
    .replace(/^tenantId: /, '--tenant: ')
    .replace(/^clientId: /, '--client-id: ')
    .replace(/^resource\.(?:identifier|scopes): /, '--resource: ')
    .replace(/^allowedTenants(?:\[\d+\])?: /, '--allowed-tenant: ')
    .replace(/^(instance|audience)(?:\[\d+\])?: /, '--$1: ')
    .replace(/^requirements\.(scope|role)s(?:\[\d+\])?: /, '--$1: ')
}

async function explain(values: Flags, streams: CommandStreams): Promise<number> {
  const api = createWebApi(readOptions(values))
  const requirements = readRequirements(values)
  if (requirements !== undefined) api.checkRequirements(requirements)
  const token = await readToken(streams.input, (text) => streams.errors.write(text))
  const explanation = await explainToken(api, token, requirements)
  streams.output.write(values.json === true ? asJson(explanation) : asText(explanation, values, streams))
  return exitCodes[explanation.verdict]
}

function asJson(explanation: TokenExplanation): string {
  return `${printableJson(explanation)}\n`
}

function asText(explanation: TokenExplanation, values: Flags, streams: CommandStreams): string {
  return formatExplanation(explanation, { ...pageStyle(streams), all: values.all === true })
}
