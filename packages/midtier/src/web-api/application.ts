// The application itself as somebody who acts: with its own permissions, whoever called and when nobody did.
import { defaultScopeOf } from '../call/token-kind.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import type { Settings } from '../settings/settings.ts'
import { type Acting, type ActingPorts, createActing } from './acting.ts'

/** Options of `api.application`. */
export interface ApplicationOptions {
  /** Tenant to act in. Default: the application's own. For Entra alone, and not for a managed identity, which has one. */
  readonly tenantId?: string | undefined
}

/** Gives the application as it acts in a tenant. */
export type Applications = (options?: ApplicationOptions) => Acting

/** Prepares it. Nobody stands behind an application who could bring a better session: what is refused is acquired anew, once. */
export function createApplications(settings: Settings, ports: ActingPorts): Applications {
  const { appScopes } = settings.registration.authority
  return (options = {}) => {
    checkKnownOptions(options, ['tenantId'], 'application')
    const { tenantId } = options
    const where = tenantId === undefined ? {} : { tenantId }
    return createActing(settings, ports, {
      request: (requests, asked, context) => requests.forClient({ ...asked, ...where }, context),
      slot: () => undefined,
      scopes: (scopes) => (appScopes === 'default' ? defaultScopeOf(scopes) : scopes),
    })
  }
}
