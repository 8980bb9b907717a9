// What the forms of the tabs do with a registration: each makes a new one of it, and says what it did.
import { randomBytes } from 'node:crypto'
import type { Application, Platform } from '../../directory/model.ts'
import { defined, linesOf, textOf } from '../parts/form-values.ts'

/** What a form made of a registration. */
export interface TabChange {
  /** `Added a secret to`: the name of the registration follows. */
  readonly label: string
  readonly application: Application
}

/** Redirect URIs: all of them, or one more of a platform (`add`, as error pages offer it). */
export function changeAuthentication(application: Application, form: URLSearchParams): TabChange {
  const { redirectUris = {} } = application
  const added = textOf(form, 'add')
  if (added !== undefined) {
    const platform = readPlatform(form)
    const uris = [...(redirectUris[platform] ?? []), added]
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
  return {
    label: 'Changed the redirect URIs of',
    application: { ...application, redirectUris: defined(uris) },
  }
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
  if (form.get('do') === 'add-certificate') {
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
export function changeApi(application: Application, form: URLSearchParams): TabChange {
  const { scopes = [], appRoles = [] } = application
  const [goneScope, goneRole] = [form.get('remove-scope'), form.get('remove-role')]
  if (goneScope !== null) {
    const rest = scopes.filter(({ value }) => value !== goneScope)
    return { label: `Removed the scope ${goneScope} of`, application: { ...application, scopes: rest } }
  }
  if (goneRole !== null) {
    const rest = appRoles.filter(({ value }) => value !== goneRole)
    return { label: `Removed the role ${goneRole} of`, application: { ...application, appRoles: rest } }
  }
  const value = textOf(form, 'value') ?? ''
  const added = defined({ value, description: textOf(form, 'description') })
  const action = form.get('do')
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
  return { label: 'Changed the API of', application: withApi(application, form) }
}

function withApi(application: Application, form: URLSearchParams): Application {
  const names: readonly string[] = ['identifierUris', 'accessTokenAcceptedVersion']
  const rest = Object.fromEntries(Object.entries(application).filter(([name]) => !names.includes(name)))
  const said = {
    identifierUris: linesOf(form, 'identifierUris'),
    accessTokenAcceptedVersion: form.get('v2') === 'on' ? (2 as const) : undefined,
  }
  return { ...(rest as unknown as Application), ...defined(said) }
}

/** What the registration lists as permissions of an API; an empty list takes the API out. */
export function changePermissions(application: Application, form: URLSearchParams): TabChange {
  const { requiredResourceAccess = [] } = application
  const resourceId = textOf(form, 'resourceId') ?? form.get('remove-access') ?? ''
  const others = requiredResourceAccess.filter((access) => access.resourceId !== resourceId)
  if (form.get('remove-access') !== null) {
    return {
      label: 'Removed permissions of',
      application: { ...application, requiredResourceAccess: others },
    }
  }
  const access = defined({ resourceId, scopes: linesOf(form, 'scopes'), roles: linesOf(form, 'roles') })
  return {
    label: 'Added permissions to',
    application: { ...application, requiredResourceAccess: [...others, access] },
  }
}
