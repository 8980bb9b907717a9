// The command line: reads the options, explains a token, and says by its exit code how that ended.
import { hasCode } from '../kernel/errors/known-errors.ts'
import type { WebApiOptions } from '../options.ts'
import type { TokenExplanation } from '../protect/explain.ts'
import type { Requirements } from '../web-api/requirements.ts'
import { createWebApi, explainToken } from '../web-api/create-web-api.ts'
import { parseCommandLine, type Flags } from './command-line.ts'
import { formatExplanation } from './format-explanation.ts'
import { wrap } from './page.ts'
import { readToken, type TokenInput } from './read-token.ts'
import { UsageError } from './usage-error.ts'
import { usage } from './usage.ts'

/** The process, as far as the command uses it. */
export interface CommandStreams {
  readonly input: TokenInput
  readonly output: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number }
  readonly errors: { write(text: string): unknown }
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Version of the package. */
  readonly version: string
}

const exitCodes = { accepted: 0, refused: 1, wrongUsage: 2, undecided: 3, failed: 4 } as const

/** Runs the command and returns its exit code. Never rejects. */
export async function runCommand(args: readonly string[], streams: CommandStreams): Promise<number> {
  try {
    const values = parseCommandLine(args)
    if (values.help !== true && values.version !== true) return await explain(values, streams)
    streams.output.write(values.help === true ? usage : `midtier ${streams.version}\n`)
    return 0
  } catch (error) {
    return report(error, streams)
  }
}

function report(error: unknown, { errors }: CommandStreams): number {
  if (error instanceof UsageError || hasCode(error, 'configuration_invalid')) {
    const lines = [...wrap(`midtier: ${nameFlag(error.message)}`, 80), 'midtier --help lists the options.']
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

function readOptions(values: Flags): WebApiOptions {
  const { tenant, instance, audience, 'client-id': clientId, 'allowed-tenant': allowed, resource } = values
  const { scope = [] } = values
  if (tenant === undefined) throw new UsageError('--tenant is missing: the tenant of the API')
  if (clientId === undefined) throw new UsageError('--client-id is missing: the client id of the API')
  return {
    tenantId: tenant,
    clientId,
    allowedTenants: allowed ?? null,
    ...(instance === undefined ? {} : { instance }),
    ...(audience === undefined ? {} : { audience }),
    // How clients ask for the scopes, nobody here knows: as they should, below the resource.
    ...(resource === undefined
      ? {}
      : { resource: { identifier: resource, scopes: scope.map((name) => `${resource}/${name}`) } }),
  }
}

function readRequirements({ scope, role }: Flags): Requirements | undefined {
  if (scope === undefined && role === undefined) return undefined
  return {
    ...(scope === undefined ? {} : { scopes: scope }),
    ...(role === undefined ? {} : { roles: role }),
  }
}

function asJson(explanation: TokenExplanation): string {
  return `${JSON.stringify(explanation, null, 2)}\n`
}

/** @see https://no-color.org */
function asText(
  explanation: TokenExplanation,
  values: Flags,
  { output, environment }: CommandStreams,
): string {
  const isPlain = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb'
  const columns = output.columns ?? 0 // a terminal that does not know its width says 0
  return formatExplanation(explanation, {
    colour: output.isTTY === true && !isPlain,
    columns: columns === 0 ? 80 : columns,
    all: values.all === true,
  })
}
