// What single tools demand beyond the door, and the tokens that are acquired before one runs.
import { ConfigurationError } from '../../kernel/errors/errors.ts'
import { checkKnownOptions } from '../../kernel/known-options.ts'
import { requirementNames, scopeNames } from '../../protect/requirements/requirements.ts'
import type { Caller } from '../../web-api/caller.ts'
import type { Requirements } from '../../web-api/requirements.ts'
import type { WebApi } from '../../web-api/web-api.ts'
import { helpsOverHttp } from './challenges.ts'

/** What one tool demands beyond the door. */
export interface ToolRequirements<Api extends string = string> extends Requirements<Api> {
  /**
   * A token on behalf of the caller that is acquired before the tool runs, `{ scopes: ['Mail.Read'] }`: a sign-in that the authority
   * wants is asked for by HTTP (401 and a challenge), for which it is too late once a tool has begun. Default: none.
   */
  readonly acquire?: Parameters<Caller<Api>['acquireToken']>[0] | undefined
}

/** A tool that demands something. */
export interface Tool {
  readonly requirements: Requirements
  readonly scopes: readonly string[]
  /** What to sign in with for it. */
  readonly withDoor: readonly string[]
  readonly acquire: ToolRequirements['acquire']
}

const knownToolOptions: readonly (keyof ToolRequirements)[] = [...requirementNames, 'acquire']

/**
 * What each tool demands, by its name.
 *
 * @throws ConfigurationError for what cannot work, naming its fix. Tools that were read from where they are not would demand nothing of anybody.
 */
export function resolveTools(
  api: WebApi,
  wanted: Readonly<Record<string, ToolRequirements>> | undefined,
  doorScopes: readonly string[],
): ReadonlyMap<string, Tool> {
  checkTools(wanted)
  return new Map(
    Object.entries(wanted).map(([name, tool]) => {
      checkKnownOptions(tool, knownToolOptions, `tools.${name}`)
      return [name, resolveTool(api, tool, doorScopes)]
    }),
  )
}

function checkTools(tools: unknown): asserts tools is Readonly<Record<string, ToolRequirements>> {
  if (!isObject(tools))
    throw new ConfigurationError(
      'tools',
      'must hold what single tools demand: { send_mail: { scopes: […] } }, or be left out',
    )
  for (const [name, tool] of Object.entries(tools))
    if (!isObject(tool))
      throw new ConfigurationError(`tools.${name}`, 'must say what the tool demands, or be left out')
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function resolveTool(api: WebApi, tool: ToolRequirements, doorScopes: readonly string[]): Tool {
  const { acquire, ...requirements } = tool
  api.checkRequirements(requirements)
  const scopes = scopeNames(requirements)
  return { requirements, acquire, scopes, withDoor: [...new Set([...doorScopes, ...scopes])] }
}

/** What the client cannot mend by signing in the tool meets again, and says it in words. */
export async function acquireBefore(caller: Caller, { acquire }: Tool): Promise<void> {
  if (acquire === undefined) return
  try {
    await caller.acquireToken(acquire)
  } catch (error) {
    if (helpsOverHttp(error, caller.principal)) throw error
  }
}
