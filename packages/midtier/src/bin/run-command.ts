// The command line: reads the options, explains a token, and says by its exit code how that ended.
import { parseArgs } from 'node:util'
import { hasCode } from '../kernel/known-errors.ts'
import type { WebApiOptions } from '../options.ts'
import type { TokenExplanation } from '../protect/explain.ts'
import type { Requirements } from '../protect/requirements.ts'
import { createWebApi, explainToken } from '../create-web-api.ts'
import { formatExplanation } from './format-explanation.ts'
import { readToken, type TokenInput } from './read-token.ts'
import { UsageError } from './usage-error.ts'

const usage = `Usage: midtier explain --tenant <id> --client-id <id> [options] < token

Lists every check that an access token has to pass, with what was expected and what came.
The output is safe to paste: no token, and claims that may tell about a person are masked.

  --tenant <id>           tenant of the API: GUID, domain, organizations or common
  --client-id <id>        application (client) id of the API
  --instance <url>        authority host (default https://login.microsoftonline.com/)
  --audience <aud>        also accepted as aud; repeatable
  --allowed-tenant <id>   tenant that may call; repeatable (default with organizations: any)
  --scope <name>          scope that the route demands; repeatable, one is enough
  --role <name>           app role that the route demands; repeatable, one is enough
  --json                  prints JSON for programs
  --help                  prints this

The token is read from standard input, or asked for without being shown. It is never an argument:
those land in the shell's history and in the list of processes.

Exit code: 0 accepted, 1 refused, 2 wrong usage, 3 undecided (the authority gave no keys).
`

const flags = {
  tenant: { type: 'string' },
  'client-id': { type: 'string' },
  instance: { type: 'string' },
  audience: { type: 'string', multiple: true },
  'allowed-tenant': { type: 'string', multiple: true },
  scope: { type: 'string', multiple: true },
  role: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

type Flags = ReturnType<typeof parseArgs<{ options: typeof flags }>>['values']

/** The process, as far as the command uses it. */
export interface CommandStreams {
  readonly input: TokenInput
  readonly output: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number }
  readonly errors: { write(text: string): unknown }
  readonly environment: Readonly<Record<string, string | undefined>>
}

const exitCodes = { accepted: 0, refused: 1, undecided: 3 } as const
const wrongUsage = 2

/** Runs the command and returns its exit code. */
export async function runCommand(args: readonly string[], streams: CommandStreams): Promise<number> {
  try {
    const values = parseCommandLine(args)
    if (values.help !== true) return await explain(values, streams)
    streams.output.write(usage)
    return 0
  } catch (error) {
    if (!(error instanceof UsageError) && !hasCode(error, 'configuration_invalid')) throw error
    streams.errors.write(`midtier: ${nameFlag(error.message)}\nmidtier --help lists the options.\n`)
    return wrongUsage
  }
}

/** A refused option, by the name under which it was given here. */
function nameFlag(message: string): string {
  return message
    .replace(/^tenantId: /, '--tenant: ')
    .replace(/^clientId: /, '--client-id: ')
    .replace(/^allowedTenants\[\d+\]: /, '--allowed-tenant: ')
    .replace(/^(instance|audience): /, '--$1: ')
    .replace(/^requirements\.(scope|role)s: /, '--$1: ')
}

async function explain(values: Flags, streams: CommandStreams): Promise<number> {
  const api = createWebApi(readOptions(values))
  const requirements = readRequirements(values)
  if (requirements !== undefined) api.checkRequirements(requirements)
  const token = await readToken(streams.input, (text) => streams.errors.write(text))
  const explanation = await explainToken(api, token, requirements)
  streams.output.write(values.json === true ? asJson(explanation) : asText(explanation, streams))
  return exitCodes[explanation.verdict]
}

function parseCommandLine(args: readonly string[]): Flags {
  refuseToken(args)
  const { values, positionals } = parse(args)
  if (values.help === true) return values
  if (positionals.length !== 1 || positionals[0] !== 'explain')
    throw new UsageError('say what to do: midtier explain')
  return values
}

function parse(args: readonly string[]): { readonly values: Flags; readonly positionals: readonly string[] } {
  try {
    return parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: true })
  } catch (error) {
    // parseArgs names the option that it does not know, or whose value is missing.
    if (error instanceof TypeError) throw new UsageError(error.message)
    throw error
  }
}

/** Before anything else looks at the arguments, so that no message can repeat one. */
function refuseToken(args: readonly string[]): void {
  if (args.some((arg) => arg.includes('eyJ') || arg.startsWith('--token') || arg.length > 2_000))
    throw new UsageError(
      'a token must not be an argument: it stays in the history of the shell and shows in the list of processes. Pipe it in instead, and let this one expire',
    )
}

function readOptions(values: Flags): WebApiOptions {
  const { tenant, instance, audience, 'client-id': clientId, 'allowed-tenant': allowed } = values
  if (tenant === undefined) throw new UsageError('--tenant is missing: the tenant of the API')
  if (clientId === undefined) throw new UsageError('--client-id is missing: the client id of the API')
  return {
    tenantId: tenant,
    clientId,
    allowedTenants: allowed ?? null,
    ...(instance === undefined ? {} : { instance }),
    ...(audience === undefined ? {} : { audience }),
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
function asText(explanation: TokenExplanation, { output, environment }: CommandStreams): string {
  const colour = output.isTTY === true && (environment['NO_COLOR'] ?? '') === ''
  const columns = output.columns ?? 0 // a terminal that does not know its width says 0
  return formatExplanation(explanation, { colour, columns: columns === 0 ? 100 : columns })
}
