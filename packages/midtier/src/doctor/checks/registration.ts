// The registration as Microsoft Graph tells it, where a token for Graph was handed in: names, scopes, roles, and until when secrets are good.
import { findCloud } from '../../authority/clouds.ts'
import { endsSoon, soon } from '../../client-auth/ends-soon.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { scopeNames } from '../../protect/requirements/requirements.ts'
import { GraphRefusal, graphTokenCommand, readApplication } from '../../registration/read-graph.ts'
import { object, objects, texts } from '../../registration/registered.ts'
import type { Check } from '../check.ts'
import { authorityChecks, failed, hasFailed, passed, skipped, warned, type Finding } from '../finding.ts'
import { isLoopback } from '../../kernel/http/loopback.ts'
import { inShell } from '../in-shell.ts'
import { dateOf, inWords } from '../spans.ts'
import type { Subject } from '../subject.ts'

export const examineRegistration: Check = async (subject, seen) => {
  const { graphToken, settings } = subject
  if (graphToken === undefined || graphToken === '')
    return [skipped('registration', 'no token for Microsoft Graph', graphTokenCommand)]
  // An authority that is not the one that was meant is no ground for sending a token beside it.
  if (hasFailed(seen, ...authorityChecks)) return [skipped('registration', 'the authority comes first')]
  const url = graphUrlOf(subject)
  if (url === undefined)
    return [skipped('registration', 'nobody knows where Microsoft Graph is for this authority', where)]
  try {
    const access = { url, token: graphToken, fetch: settings.authorityFetch }
    const application = await readApplication(access, settings.clientId)
    if (application !== undefined) return await examineApplication(application, subject)
  } catch (error) {
    if (!(error instanceof GraphRefusal)) throw error
    return [failed('graph', { is: error.message, should: 'it tells the registration', mend: error.remedy })]
  }
  const is = `no registration of this tenant has the client id ${settings.clientId}`
  return [failed('application', { is, should: 'clientId is the application (client) id', mend: findIt })]
}

const findIt =
  'take the application (client) id of the right one: az ad app list --show-mine --query "[].[displayName,appId]" -o table'

const where = 'say where it is: --graph-url <url>'

/**
 * Where a token for Graph may go: where its owner says, to Graph of a known cloud, or to this machine, where an emulator serves it beside
 * the authority. No other host that options name is handed one.
 */
function graphUrlOf({ graphUrl, settings }: Pick<Subject, 'graphUrl' | 'settings'>): string | undefined {
  if (graphUrl !== undefined) return graphUrl.replace(/\/*$/, '/')
  const { authority } = settings.registration
  const { origin, host, hostname } = new URL(authority.issuers[0].metadataUrl)
  if (isLoopback(hostname)) return `${origin}/v1.0/`
  const graphHost = findCloud(host)?.graphHosts[0]
  return graphHost === undefined ? undefined : `https://${graphHost}/v1.0/`
}

async function examineApplication(application: JsonObject, subject: Subject): Promise<readonly Finding[]> {
  const api = object(application, 'api')
  return [
    examineUris(texts(application, 'identifierUris'), subject),
    ...examineConsentPage(texts(object(application, 'web'), 'redirectUris'), subject),
    ...examineNames(
      'scopes',
      'scope',
      scopesWanted(subject),
      namesOf(api, 'oauth2PermissionScopes'),
      subject,
    ),
    ...examineNames('roles', 'app role', rolesWanted(subject), namesOf(application, 'appRoles'), subject),
    ...(await examineSecrets(objects(application, 'passwordCredentials'), subject)),
  ]
}

function examineUris(uris: readonly string[], { settings: { resource, clientId } }: Subject): Finding {
  const wanted = resource?.metadata.resource
  const is = uris.length === 0 ? 'there is no Application ID URI' : `Application ID URIs: ${uris.join(', ')}`
  if (wanted === undefined ? uris.length > 0 : uris.includes(wanted)) return passed('app_id_uri', is)
  const uri = wanted ?? `api://${clientId}`
  return failed('app_id_uri', {
    is,
    should: `${uri} is one, to the letter: clients ask for its scopes (AADSTS500011 otherwise${wanted === undefined ? '' : ', and AADSTS9010010'})`,
    mend: `az ad app update --id ${clientId} --identifier-uris ${[...uris, uri].map(inShell).join(' ')}`,
  })
}

/** Where the page behind a consent is no redirect URI, the link that callers are sent ends as AADSTS50011. */
function examineConsentPage(
  uris: readonly string[],
  { settings: { challenges, clientId } }: Subject,
): readonly Finding[] {
  const { consentRedirectUri: page } = challenges
  if (page === undefined) return []
  const name = 'consent_redirect_uri'
  const is = uris.length === 0 ? 'there is no redirect URI (web)' : `redirect URIs (web): ${uris.join(', ')}`
  if (uris.some((uri) => withoutLocalPort(uri) === withoutLocalPort(page))) return [passed(name, is)]
  return [
    failed(name, {
      is,
      should: `${page} is one, to the letter: after a consent people come back there (AADSTS50011 otherwise)`,
      mend: `az ad app update --id ${clientId} --web-redirect-uris ${[...uris, page].map(inShell).join(' ')}`,
    }),
  ]
}

/** Entra takes every port of http://localhost for the same. */
function withoutLocalPort(uri: string): string {
  return uri.replace(/^(http:\/\/localhost):\d+(?=[/?#]|$)/, '$1')
}

function scopesWanted({ settings, requirements }: Subject): readonly string[] {
  const announced = settings.resource?.metadata.scopes_supported ?? []
  return [
    ...scopeNames(settings.validator.requirements),
    ...scopeNames(requirements),
    ...announced
      .filter((scope) => scope.includes('/'))
      .map((scope) => scope.slice(scope.lastIndexOf('/') + 1)),
  ]
}

function rolesWanted({ settings, requirements }: Subject): readonly string[] {
  return [settings.validator.requirements, requirements].flatMap(({ roles = [] } = {}) =>
    'all' in roles ? roles.all : roles,
  )
}

/** Names that are demanded and not exposed: nobody can ever have them. */
function examineNames(
  check: string,
  kind: string,
  wanted: readonly string[],
  exposed: readonly string[],
  { settings: { clientId } }: Subject,
): readonly Finding[] {
  const missing = [...new Set(wanted)].filter((name) => !exposed.includes(name))
  const is = exposed.length === 0 ? `no ${kind} is exposed` : `exposed: ${exposed.join(', ')}`
  if (missing.length === 0) return wanted.length === 0 ? [] : [passed(check, is)]
  const page = check === 'scopes' ? 'Expose an API' : 'App roles'
  return [
    failed(check, {
      is,
      should: `${missing.join(', ')} as well: routes demand it`,
      mend: `add the ${kind} ${missing.join(', ')} to the registration ${clientId} (portal: ${page}), or demand another one`,
    }),
  ]
}

async function examineSecrets(secrets: readonly JsonObject[], subject: Subject): Promise<readonly Finding[]> {
  const { clientCredential, clientId, clock } = subject.settings
  if (clientCredential?.kind !== 'secret') return []
  const hint = await hintOf(subject)
  const ends = secrets
    .filter((secret) => secret['hint'] === hint)
    .map(({ endDateTime }) => endOf(endDateTime))
  const mend = `az ad app credential reset --id ${clientId} --append, then configure the value`
  if (ends.length === 0)
    return [
      failed('secret', {
        is: 'the registration has no secret that begins like the configured one',
        should: 'the value of one of its secrets, not its id',
        mend,
      }),
    ]
  const [lastMs, nowMs] = [Math.max(...ends), clock.nowMs()]
  if (lastMs === Infinity) return [passed('secret', 'never expires')]
  const [left, date] = [inWords(lastMs - nowMs), dateOf(lastMs)]
  if (lastMs <= nowMs)
    return [
      failed('secret', { is: `expired ${left} ago, on ${date}`, should: 'a secret that is good now', mend }),
    ]
  const is = `expires in ${left}, on ${date}`
  return [
    endsSoon(lastMs, nowMs)
      ? warned('secret', { is, should: `more than ${soon}`, mend })
      : passed('secret', is),
  ]
}

/** Graph tells the first three characters of a secret. */
async function hintOf({ settings }: Subject): Promise<string> {
  const parameters = new URLSearchParams()
  const { clientId, tenantId, clock } = settings
  await settings.clientCredential?.addTo(parameters, {
    clientId,
    tenantId,
    clock,
    tokenEndpoint: '',
    claims: undefined,
  })
  return (parameters.get('client_secret') ?? '').slice(0, 3)
}

function endOf(text: unknown): number {
  // No date: as good as over, for nobody knows better.
  const ends = typeof text === 'string' ? Date.parse(text) : Infinity
  return Number.isNaN(ends) ? 0 : ends
}

function namesOf(object: JsonObject, name: string): readonly string[] {
  return objects(object, name)
    .filter(({ isEnabled }) => isEnabled !== false)
    .map(({ value }) => String(value))
}
