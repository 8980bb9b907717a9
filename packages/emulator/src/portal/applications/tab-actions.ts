// What the forms of the tabs do with a registration: each makes a new one of it, and says what it did.
import { randomBytes } from 'node:crypto'
import type { Directory } from '../../directory/directory.ts'
import type { Application, OptionalClaim, Platform } from '../../directory/model.ts'
import { EmulatorOptionsError } from '../../kernel/errors.ts'
import { optionalClaimNames } from '../../tokens/optional-claims.ts'
import { findClient } from '../parts/mentioned.ts'
import { actionOf, defined, linesOf, textOf } from '../parts/form-values.ts'

/** What a form made of a registration. */
export interface TabChange {
  /** `Added a secret to`: the name of the registration follows. */
  readonly label: string
  readonly application: Application
}

/** Redirect URIs: all of them, or one more of a platform (`add`, as error pages offer it). */
export function changeAuthentication(application: Application, form: URLSearchParams): TabChange {
  const { redirectUris = {} } = application
  actionOf(form, ['save'])
  const added = textOf(form, 'add')
  if (added !== undefined) {
    const platform = readPlatform(form)
    const uris = [...new Set([...(redirectUris[platform] ?? []), added])]
    return {
      label: `Added the redirect URI ${added} to`,
      application: { ...application, redirectUris: { ...redirectUris, [platform]: uris } },
    }
  }
  const uris = {
    web: linesOf(form, 'web'),
    spa: linesOf(form, 'spa'),
    publicClient: linesOf(form, 'publicClient'),
  }
  const settings = {
    redirectUris: Object.values(uris).some((each) => each !== undefined) ? defined(uris) : undefined,
    frontChannelLogoutUrl: textOf(form, 'frontChannelLogoutUrl'),
    isFallbackPublicClient: flagOf(form, 'isFallbackPublicClient'),
    enableIdTokenIssuance: flagOf(form, 'enableIdTokenIssuance'),
  }
  return { label: 'Changed the authentication of', application: withMembers(application, settings) }
}

function flagOf(form: URLSearchParams, name: string): true | undefined {
  return form.get(name) === 'on' ? true : undefined
}

// A member without a value is left out, so that its default holds.
function withMembers(
  application: Application,
  members: Readonly<Partial<Record<keyof Application, unknown>>>,
): Application {
  const rest = Object.entries(application).filter(([name]) => !(name in members))
  // Its shape is checked with the directory that it becomes part of.
  return { ...Object.fromEntries(rest), ...defined(members) } as unknown as Application
}

function readPlatform(form: URLSearchParams): Platform {
  const wanted = form.get('platform')
  return wanted === 'spa' || wanted === 'publicClient' ? wanted : 'web'
}

/** Credentials: one more, or one less. */
export function changeSecrets(application: Application, form: URLSearchParams): TabChange {
  const { secrets = [], certificates = [] } = application
  const gone = form.get('remove-secret')
  if (gone !== null) {
    const rest = secrets.filter((_, index) => String(index) !== gone)
    return { label: 'Removed a secret of', application: { ...application, secrets: rest } }
  }
  const goneCertificate = form.get('remove-certificate')
  if (goneCertificate !== null) {
    const rest = certificates.filter((_, index) => String(index) !== goneCertificate)
    return { label: 'Removed a certificate of', application: { ...application, certificates: rest } }
  }
  if (actionOf(form, ['add-secret', 'add-certificate']) === 'add-certificate') {
    const certificate = (form.get('certificate') ?? '').trim()
    return {
      label: 'Added a certificate to',
      application: { ...application, certificates: [...certificates, certificate] },
    }
  }
  const value = textOf(form, 'value') ?? randomBytes(24).toString('base64url')
  const secret = defined({ value, expires: textOf(form, 'expires') })
  return { label: 'Added a secret to', application: { ...application, secrets: [...secrets, secret] } }
}

/** What the registration exposes as an API. */
export function changeApi(application: Application, form: URLSearchParams, directory: Directory): TabChange {
  const { scopes = [], appRoles = [] } = application
  const action = actionOf(form, ['save', 'add-scope', 'add-role', 'add-client'])
  const [goneScope, goneRole] = [form.get('remove-scope'), form.get('remove-role')]
  if (goneScope !== null) {
    const rest = scopes.filter(({ value }) => value !== goneScope)
    return { label: `Removed the scope ${goneScope} of`, application: { ...application, scopes: rest } }
  }
  if (goneRole !== null) {
    const rest = appRoles.filter(({ value }) => value !== goneRole)
    return { label: `Removed the role ${goneRole} of`, application: { ...application, appRoles: rest } }
  }
  const [off, on] = [form.get('disable-scope'), form.get('enable-scope')]
  if (off !== null) return enableScope(application, off, false)
  if (on !== null) return enableScope(application, on, true)
  const goneClient = form.get('remove-client')
  if (goneClient !== null || action === 'add-client')
    return changeClients(application, goneClient, () => readClient(form, directory))
  const value = textOf(form, 'value') ?? ''
  const added = defined({ value, description: textOf(form, 'description') })
  const there = action === 'add-scope' ? scopes : action === 'add-role' ? appRoles : []
  if (there.some((each) => each.value === value))
    throw new EmulatorOptionsError('value', `the API has "${value}" already`)
  if (action === 'add-scope') {
    const scope = { ...added, ...(form.get('adminOnly') === 'on' && { adminOnly: true }) }
    return {
      label: `Added the scope ${value} to`,
      application: { ...application, scopes: [...scopes, scope] },
    }
  }
  if (action === 'add-role')
    return {
      label: `Added the role ${value} to`,
      application: { ...application, appRoles: [...appRoles, added] },
    }
  return { label: 'Changed the API of', application: withApi(application, form, directory) }
}

function enableScope(application: Application, value: string, isOn: boolean): TabChange {
  const { scopes = [] } = application
  if (!scopes.some((scope) => scope.value === value))
    throw new EmulatorOptionsError('value', `the API has no scope "${value}"`)
  const changed = scopes.map((scope) =>
    scope.value === value ? defined({ ...scope, enabled: isOn ? undefined : false }) : scope,
  )
  return {
    label: `${isOn ? 'Enabled' : 'Disabled'} the scope ${value} of`,
    application: { ...application, scopes: changed },
  }
}

type PreAuthorized = NonNullable<Application['preAuthorizedApplications']>[number]

// A client stands there once: who adds it again says its scopes anew.
function changeClients(application: Application, gone: string | null, read: () => PreAuthorized): TabChange {
  const { preAuthorizedApplications = [] } = application
  const added = gone === null ? read() : undefined
  const others = preAuthorizedApplications.filter(({ id }) => id !== (gone ?? added?.id))
  return {
    label: `${gone === null ? 'Added' : 'Removed'} a client without consent ${gone === null ? 'to' : 'of'}`,
    application: {
      ...application,
      preAuthorizedApplications: added === undefined ? others : [...others, added],
    },
  }
}

function readClient(form: URLSearchParams, directory: Directory): PreAuthorized {
  const id = findClient(directory, textOf(form, 'client') ?? '', 'preAuthorizedApplications')
  const scopes = linesOf(form, 'scopes')
  if (scopes === undefined)
    throw new EmulatorOptionsError('preAuthorizedApplications', 'name the scopes that need no consent')
  return { id, scopes }
}

function withApi(application: Application, form: URLSearchParams, directory: Directory): Application {
  const known = linesOf(form, 'knownClientApplications')
  return withMembers(application, {
    identifierUris: linesOf(form, 'identifierUris'),
    accessTokenAcceptedVersion: form.get('v2') === 'on' ? 2 : undefined,
    knownClientApplications: known?.map((name) => findClient(directory, name, 'knownClientApplications')),
  })
}

/** The claims that tokens have because the registration asks for them. */
export function changeClaims(application: Application, form: URLSearchParams): TabChange {
  actionOf(form, ['save'])
  const optionalClaims = { accessToken: claimsOf(form, 'accessToken'), idToken: claimsOf(form, 'idToken') }
  const isNone = Object.values(optionalClaims).every((claims) => claims === undefined)
  return {
    label: 'Changed the optional claims of',
    application: withMembers(application, { optionalClaims: isNone ? undefined : defined(optionalClaims) }),
  }
}

function claimsOf(form: URLSearchParams, name: string): readonly OptionalClaim[] | undefined {
  return linesOf(form, name)?.map((line) => {
    const [claim = '', ...additionalProperties] = line.split(/\s+/)
    if (!optionalClaimNames.includes(claim))
      throw new EmulatorOptionsError(
        `optionalClaims.${name}`,
        `the emulator has no optional claim "${claim}"; there are ${optionalClaimNames.join(', ')}`,
      )
    return additionalProperties.length === 0 ? claim : { name: claim, additionalProperties }
  })
}

/** What the registration lists as permissions of an API; an empty list takes the API out. */
export function changePermissions(application: Application, form: URLSearchParams): TabChange {
  const { requiredResourceAccess = [] } = application
  const resourceId = textOf(form, 'resourceId') ?? form.get('remove-access') ?? ''
  const others = requiredResourceAccess.filter((access) => access.resourceId !== resourceId)
  const [scopes, roles] = [linesOf(form, 'scopes'), linesOf(form, 'roles')]
  if (form.get('remove-access') !== null || (scopes === undefined && roles === undefined)) {
    return {
      label: 'Removed permissions of',
      application: { ...application, requiredResourceAccess: others },
    }
  }
  const access = defined({ resourceId, scopes, roles })
  return {
    label: 'Added permissions to',
    application: { ...application, requiredResourceAccess: [...others, access] },
  }
}
