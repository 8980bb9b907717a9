// The downstream APIs resolved: where each may be called, with whose token, for how long and how often.
import type { Authority } from '../authority/authority.ts'
import type { DownstreamSettings } from '../call/downstream-settings.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import type { DownstreamApiOptions, OpenIdDownstreamApiOptions } from '../options.ts'
import { resolveNumber } from './numbers.ts'
import { resolveText, resolveTexts, resolveUrl } from './values.ts'

const knownOptions = [
  'baseUrl',
  'scopes',
  'token',
  'timeoutMs',
  'maxResponseBytes',
  'maxRetries',
  'retryBudgetMs',
] as const satisfies readonly (keyof DownstreamApiOptions)[]

/** @throws ConfigurationError naming the option at fault. Does not contact the APIs. */
export function resolveDownstreamApis(
  apis: Readonly<Record<string, DownstreamApiOptions | OpenIdDownstreamApiOptions | undefined>>,
  authority: Pick<Authority, 'namesApiBy'>,
): ReadonlyMap<string, DownstreamSettings> {
  if (typeof apis !== 'object' || (apis as unknown) === null || Array.isArray(apis))
    throw new ConfigurationError(
      'downstreamApis',
      "must be an object of APIs by name: { graph: { baseUrl: 'https://…', scopes: ['…'] } }",
    )
  return new Map(
    Object.entries(apis).flatMap(([name, api]) =>
      api === undefined ? [] : [[name, resolveDownstreamApi(name, api, authority)]],
    ),
  )
}

function resolveDownstreamApi(
  name: string,
  options: DownstreamApiOptions | OpenIdDownstreamApiOptions,
  authority: Pick<Authority, 'namesApiBy'>,
): DownstreamSettings {
  const at = `downstreamApis.${name}`
  checkKnownOptions(options, [...knownOptions, 'audience'], at)
  return Object.freeze({
    name,
    baseUrl: resolveBaseUrl(`${at}.baseUrl`, options.baseUrl),
    ...resolveTarget(at, options, authority),
    token: resolveToken(`${at}.token`, options.token),
    timeoutMs: resolveNumber('downstreamApis.*.timeoutMs', options.timeoutMs, name),
    maxResponseBytes: resolveNumber('downstreamApis.*.maxResponseBytes', options.maxResponseBytes, name),
    maxRetries: resolveNumber('downstreamApis.*.maxRetries', options.maxRetries, name),
    retryBudgetMs: resolveNumber('downstreamApis.*.retryBudgetMs', options.retryBudgetMs, name),
  })
}

function resolveBaseUrl(option: string, value: unknown): URL {
  const url = resolveUrl(option, value)
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

function resolveTarget(
  at: string,
  options: DownstreamApiOptions | OpenIdDownstreamApiOptions,
  authority: Pick<Authority, 'namesApiBy'>,
): Pick<DownstreamSettings, 'scopes' | 'audience'> {
  const audience = 'audience' in options ? options.audience : undefined
  if (authority.namesApiBy === 'scopes') {
    refuseAudience(at, audience)
    return { scopes: resolveScopes(`${at}.scopes`, options.scopes), audience: undefined }
  }
  return {
    scopes: resolveTexts(`${at}.scopes`, options.scopes),
    audience: audience === undefined ? undefined : resolveText(`${at}.audience`, audience),
  }
}

function refuseAudience(at: string, audience: string | undefined): void {
  if (audience !== undefined)
    throw new ConfigurationError(`${at}.audience`, 'is not for Entra, which is told the API by the scopes')
}

function resolveScopes(option: string, value: unknown): readonly string[] {
  const scopes = resolveTexts(option, value)
  if (!Array.isArray(value) || scopes.length === 0)
    throw new ConfigurationError(
      option,
      "is empty; name the scopes of the API, such as ['api://{its client id}/.default']",
    )
  return scopes
}

const tokenPolicies = ['onBehalfOf', 'app', 'either'] as const

function resolveToken(option: string, value: unknown): (typeof tokenPolicies)[number] {
  const policy = value === undefined ? 'onBehalfOf' : tokenPolicies.find((each) => each === value)
  if (policy !== undefined) return policy
  throw new ConfigurationError(option, `must be one of ${tokenPolicies.join(', ')}`)
}
