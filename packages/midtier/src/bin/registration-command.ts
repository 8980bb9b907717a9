// `midtier registration`: from a file of registrations, what the tenant is to be told, and what it has otherwise.
import { printable, printableJson } from '../kernel/printable.ts'
import { buildScript } from '../registration/write/azure-cli.ts'
import { buildBicep } from '../registration/write/bicep.ts'
import { compareRegistrations, type Difference } from '../registration/compare-registrations.ts'
import { defineRegistrations } from '../registration/define-registrations.ts'
import type { Registrations } from '../registration/definition.ts'
import { GraphRefusal, graphTokenCommand } from '../registration/read-graph.ts'
import { checkGraphUrl } from './check-graph-url.ts'
import type { CommandLine } from './command-line.ts'
import { load } from './load-options.ts'
import type { CommandStreams } from './streams.ts'
import { UsageError } from './usage-error.ts'

/** @returns the exit code. @throws UsageError, and ConfigurationError for a file that cannot be meant. */
export async function runRegistration(
  { words, values }: CommandLine,
  streams: CommandStreams,
): Promise<number> {
  const [action = '', file] = words
  if (!isAction(action)) throw new UsageError('say what to make of the file: script, bicep or diff')
  if (file === undefined)
    throw new UsageError(
      `${action} needs a file of registrations: midtier registration ${action} ./registrations.js`,
    )
  const idle = (['graph-url', 'json'] as const).find((name) => values[name] !== undefined)
  if (action !== 'diff' && idle !== undefined)
    throw new UsageError(`--${idle}: is for diff alone; leave it out`)
  checkGraphUrl(values['graph-url'])
  const registrations = await loadRegistrations(file)
  if (action !== 'diff') {
    streams.output.write(action === 'script' ? buildScript(registrations) : buildBicep(registrations))
    return 0
  }
  const differences = await compare(registrations, values['graph-url'], streams)
  streams.output.write(values.json === true ? `${printableJson({ differences })}\n` : format(differences))
  return differences.length === 0 ? 0 : 1
}

function isAction(action: string): action is 'script' | 'bicep' | 'diff' {
  return ['script', 'bicep', 'diff'].includes(action)
}

/** Checked once more: a module may export anything. */
async function loadRegistrations(path: string): Promise<Registrations> {
  const exported = await load(path)
  const found = [exported['default'], ...Object.values(exported)].find(isRegistrations)
  if (found === undefined)
    throw new UsageError('the module exports no registrations: export default defineRegistrations({ … })')
  return defineRegistrations(found)
}

function isRegistrations(value: unknown): value is Registrations {
  return typeof value === 'object' && value !== null && 'applications' in value && 'tenantId' in value
}

async function compare(
  registrations: Registrations,
  graphUrl: string | undefined,
  { environment }: CommandStreams,
): Promise<readonly Difference[]> {
  const token = environment['MIDTIER_GRAPH_TOKEN'] ?? ''
  if (token === '') throw new UsageError(`MIDTIER_GRAPH_TOKEN is not set: ${graphTokenCommand}`)
  const url = (graphUrl ?? 'https://graph.microsoft.com/v1.0').replace(/\/*$/, '/')
  try {
    return await compareRegistrations(registrations, {
      url,
      token,
      fetch: (input, init) => fetch(input, init),
    })
  } catch (error) {
    if (error instanceof GraphRefusal)
      throw new UsageError(`the registrations cannot be read: ${error.message}; ${error.remedy}`)
    throw error
  }
}

function format(differences: readonly Difference[]): string {
  if (differences.length === 0) return 'The tenant is as the file says.\n'
  const told = (value = 'not there'): string => printable(value)
  const lines = differences.map(
    ({ application, what, file, tenant }) =>
      `${application}  ${told(what)}\n  file    ${told(file)}\n  tenant  ${told(tenant)}\n`,
  )
  return `${lines.join('\n')}\n${String(differences.length)} ${differences.length === 1 ? 'difference' : 'differences'}\n`
}
