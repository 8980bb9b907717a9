// The identity layer behind the endpoints: one web API for the registration, and one for each managed identity that is asked for.
import {
  createManagedIdentity,
  createWebApi,
  isMidtierError,
  type Logger,
  type Observer,
  type TokenCacheOptions,
  type WebApi,
  type WebApiOptions,
} from 'midtier'
import { identityEndpoint } from '../config/credentials.ts'
import type { ApiDefinition } from '../config/downstream-apis.ts'
import { asSettingError } from '../config/option-names.ts'
import type { Settings } from '../config/settings.ts'

/** What acquires tokens. */
export interface Identity {
  readonly api: WebApi
  readonly managedIdentity: (clientId: string) => WebApi
  readonly close: () => Promise<void>
}

/** A host has a handful. The one that was not asked for longest makes room: names that nobody has may not keep others out. */
const mostManagedIdentities = 16

/** What is handed in beside the settings. */
export interface IdentityPorts {
  /** Long-running sessions need it. */
  readonly tokenCache: TokenCacheOptions | undefined
  /** Counts. */
  readonly observer: Observer | undefined
}

/** @throws SettingError naming the setting at fault. */
export function createIdentity(
  settings: Settings,
  logger: Logger,
  { tokenCache, observer }: IdentityPorts,
): Identity {
  const apisFor = (token: 'onBehalfOf' | 'app'): WebApiOptions['downstreamApis'] & object =>
    Object.fromEntries([...settings.apis.values()].map((api) => [api.name, describe(api, token)]))
  const options: WebApiOptions = {
    ...settings.registration,
    ...{ logger, observer },
    downstreamApis: apisFor('onBehalfOf'),
  }
  const shared = tokenCache === undefined ? {} : { tokenCache, longRunning: {} }
  const api = create({ ...options, ...shared }, settings)
  const others = new Map<string, WebApi>()
  const managedIdentity = (clientId: string): WebApi => {
    const key = clientId.toLowerCase()
    const found = others.get(key)
    if (found !== undefined) {
      others.delete(key)
      others.set(key, found)
      return found
    }
    const identity = createManagedIdentity({
      endpoint: identityEndpoint(settings.environment),
      clientId: key,
    })
    // Without the shared cache: the tokens of a host stay on it.
    const made = create({ ...options, downstreamApis: apisFor('app'), clientCredential: identity }, settings)
    makeRoom(others)
    others.set(key, made)
    return made
  }
  return {
    api,
    managedIdentity,
    async close() {
      await Promise.all([api, ...others.values()].map((each) => each.close()))
    },
  }
}

/** Calls that are under way go on: only what is kept for later is given up. */
function makeRoom(others: Map<string, WebApi>): void {
  const [oldest] = others.keys()
  if (oldest === undefined || others.size < mostManagedIdentities) return
  void others.get(oldest)?.close()
  others.delete(oldest)
}

function create(options: WebApiOptions, { apis }: Settings): WebApi {
  try {
    return createWebApi(options)
  } catch (error) {
    throw isMidtierError(error) && error.code === 'configuration_invalid'
      ? asSettingError(error, apis)
      : error
  }
}

/** Scopes are named with every call, and an API without any waits for those of a request. */
function describe(
  { baseUrl, scopes }: ApiDefinition,
  token: 'onBehalfOf' | 'app',
): NonNullable<WebApiOptions['downstreamApis']>[string] {
  return { baseUrl, scopes: scopes.length === 0 ? ['unconfigured/.default'] : scopes, token }
}
