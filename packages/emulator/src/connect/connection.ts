// What a client has to know to be connected as one application: where the emulator is, who the client is, and what it may ask for.
import type { Directory } from '../directory/directory.ts'
import { graphId } from '../directory/default-directory.ts'
import type { Application, Platform, Tenant } from '../directory/model.ts'
import type { Clock } from '../kernel/clock.ts'
import { EmulatorOptionsError } from '../kernel/errors.ts'
import { chooseOrigins, type Listener, type Origins } from '../kernel/origins.ts'

/** Everything that settings are made of. */
export interface Connection {
  /** The listener that the client is pointed at, or the public origin: what its tokens are issued by. */
  readonly origin: string
  /** The CA that it has to trust; absent over http, and where a public origin has a certificate of its own. */
  readonly ca?: Ca | undefined
  readonly tenantId: string
  readonly clientId: string
  readonly displayName: string
  /** One that has not expired. */
  readonly clientSecret?: string | undefined
  readonly redirectUris: Partial<Readonly<Record<Platform, readonly string[]>>>
  /** The first API that the application calls: its own registration says which; else Microsoft Graph. */
  readonly api: { readonly name: string; readonly scopes: readonly string[] }
  /** A token for a user, as `POST /_emulator/mint` makes it: for the application where it is an API, else for the one that it calls. */
  readonly userToken: {
    readonly user?: string | undefined
    readonly client: string
    readonly audience: string
    readonly scopes: readonly string[]
    readonly listener?: Listener | undefined
  }
}

/** The emulator's own CA. */
export interface Ca {
  /** Where it is served. */
  readonly url: string
  /** The file that holds it; absent when it was written nowhere. */
  readonly file?: string | undefined
}

/** What an emulator knows about itself. */
export interface ConnectionSource {
  readonly origins: Origins
  readonly directory: Directory
  readonly clock: Clock
  readonly caFile?: string | undefined
}

/**
 * The connection of an application, by its id, display name or application ID URI. All clients of one emulator are pointed at the same
 * listener, https where it is on: an API refuses the tokens that its client got at the other one.
 * @throws {EmulatorOptionsError} when there is no such application or listener, or no tenant for it
 */
export function describeConnection(
  source: ConnectionSource,
  wanted: string,
  listener: Listener | undefined,
): Connection {
  const { directory, clock } = source
  const { issuer: origin } = chooseOrigins(source.origins, listener)
  const application = findByName(directory, wanted)
  const tenant = directory.findTenant(application.tenantId) ?? directory.tenants[0]
  if (tenant === undefined) throw new EmulatorOptionsError('application', `${wanted} is in no tenant`)
  const called = calledApi(directory, application)
  return {
    origin,
    ca: ownCa(source, origin),
    tenantId: tenant.id,
    clientId: application.id,
    displayName: application.displayName,
    clientSecret: usableSecret(application, clock),
    redirectUris: application.redirectUris ?? {},
    api: { name: nameOf(called), scopes: called.scopes },
    userToken: { ...userToken(directory, application, tenant, called), listener },
  }
}

function ownCa({ origins, caFile }: ConnectionSource, origin: string): Ca | undefined {
  if (origins.isFixed || origin !== origins.https) return undefined
  return { url: `${origins.http}/_emulator/ca.pem`, file: caFile }
}

/**
 * An application by its id, display name or application ID URI.
 * @throws {EmulatorOptionsError} naming those that there are
 */
function findByName(directory: Directory, wanted: string): Application {
  const name = wanted.toLowerCase()
  const named = directory.applications.filter(({ displayName }) => displayName.toLowerCase() === name)
  if (named.length > 1)
    throw new EmulatorOptionsError('application', `several are called "${wanted}": give the id`)
  const found = named[0] ?? directory.findApplication(wanted) ?? directory.findResource(wanted)
  if (found !== undefined) return found
  const names = directory.applications.filter(({ id }) => id !== graphId).map((it) => `"${it.displayName}"`)
  throw new EmulatorOptionsError('application', `"${wanted}" is none; there are ${names.join(', ')}`)
}

interface CalledApi {
  readonly id: string
  /** Absent when the directory does not have it. */
  readonly api: Application | undefined
  readonly scopes: readonly string[]
}

function calledApi(directory: Directory, { requiredResourceAccess = [] }: Application): CalledApi {
  const [{ resourceId: id, scopes = [] } = { resourceId: graphId, scopes: ['User.Read'] }] =
    requiredResourceAccess
  return { id, api: directory.findApplication(id), scopes }
}

function scopesOf(api: Application | undefined): readonly string[] {
  return api?.scopes?.map(({ value }) => value) ?? []
}

/** What stands before the names of an API's scopes. */
function nameOf({ id, api }: Pick<CalledApi, 'id' | 'api'>): string {
  return api?.identifierUris?.[0] ?? id
}

function usableSecret({ secrets = [] }: Application, clock: Clock): string | undefined {
  return secrets.find(({ expires }) => expires === undefined || Date.parse(expires) > clock.now())?.value
}

// Whoever calls an API by hand plays the application that is registered for it; an API that nobody calls may call itself. An application
// that calls with roles alone still gets a user's token that the API takes.
function userToken(
  directory: Directory,
  application: Application,
  tenant: Tenant,
  called: CalledApi,
): Connection['userToken'] {
  const person = directory.users.find((it) => it.tenantId === tenant.id && it.password !== undefined)
  const user = person?.username
  const own = scopesOf(application)
  if (own.length === 0) {
    const scopes = called.scopes.length === 0 ? scopesOf(called.api) : called.scopes
    return { user, client: application.id, audience: nameOf(called), scopes }
  }
  const client = directory.applications.find((it) =>
    it.requiredResourceAccess?.some(({ resourceId, scopes }) => resourceId === application.id && scopes),
  )
  return {
    user,
    client: client?.id ?? application.id,
    audience: nameOf({ id: application.id, api: application }),
    scopes: own,
  }
}
