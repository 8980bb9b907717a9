// The downstream APIs as they are configured: frozen, for every request merges its overrides into a copy.
import { SettingError } from '../kernel/refusals.ts'
import type { Section } from './configuration.ts'

/** How one downstream API is called. */
export interface ApiDefinition {
  readonly name: string
  readonly baseUrl: string
  readonly relativePath: string
  readonly scopes: readonly string[]
  readonly requestAppToken: boolean
  readonly httpMethod: string | undefined
  readonly acceptHeader: string | undefined
  readonly contentType: string | undefined
  readonly extraHeaders: Readonly<Record<string, string>>
  readonly extraQuery: Readonly<Record<string, string>>
  readonly tenant: string | undefined
}

/** By name in lower case, since settings are. */
export type ApiDefinitions = ReadonlyMap<string, ApiDefinition>

/** @throws SettingError naming the setting at fault. */
export function readDownstreamApis(root: Section): ApiDefinitions {
  const section = root.section('DownstreamApis')
  return new Map(
    section.names().map((name) => [name.toLowerCase(), readDefinition(name, section.section(name))]),
  )
}

function readDefinition(name: string, section: Section): ApiDefinition {
  const baseUrl = section.text('BaseUrl')
  if (baseUrl === undefined)
    throw new SettingError(section.nameOf('BaseUrl'), 'is missing: the URL below which this API is called')
  return Object.freeze({
    name,
    baseUrl,
    relativePath: section.text('RelativePath') ?? '',
    scopes: Object.freeze([...section.texts('Scopes')]),
    requestAppToken: section.flag('RequestAppToken') ?? false,
    httpMethod: section.text('HttpMethod')?.toUpperCase(),
    acceptHeader: section.text('AcceptHeader'),
    contentType: section.text('ContentType'),
    extraHeaders: Object.freeze(Object.fromEntries(section.section('ExtraHeaderParameters').entries())),
    extraQuery: Object.freeze(Object.fromEntries(section.section('ExtraQueryParameters').entries())),
    tenant: section.section('AcquireTokenOptions').text('Tenant'),
  })
}
