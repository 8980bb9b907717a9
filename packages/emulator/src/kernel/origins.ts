// Where the emulator is reached, and the issuers that are made of it: each listener names itself, or both a public origin.
import { EmulatorOptionsError } from './errors.ts'

/** Where the emulator is reached. */
export interface Origins {
  /** What issuers and documents are made of: the public origin, or that of the listener that was asked. */
  readonly issuer: string
  readonly http: string
  readonly https: string | undefined
  /** Whether a proxy stands in front: then everything names its origin only. */
  readonly isFixed: boolean
}

/** One of the two ways in. */
export type Listener = 'http' | 'https'

/**
 * The origins as what comes through neither listener names them, tokens that are minted and settings alike: https where it is on, since
 * most clients take no other authority, unless the other one is wanted.
 * @throws {EmulatorOptionsError} when there is no such listener
 */
export function chooseOrigins(origins: Origins, wanted?: Listener): Origins {
  const chosen = originsOf(origins, wanted ?? (origins.https === undefined ? 'http' : 'https'))
  if (chosen !== undefined) return chosen
  throw new EmulatorOptionsError(
    'listener',
    'there is no https listener: start the emulator with --https-port 8445',
  )
}

/** The origins as one of the listeners names them; `undefined` when there is no such listener. */
export function originsOf(origins: Origins, listener: Listener): Origins | undefined {
  const own = origins[listener]
  if (own === undefined) return undefined
  return origins.isFixed ? origins : { ...origins, issuer: own }
}

/** Issuer of v2 tokens of a tenant. */
export function issuerV2({ issuer }: Pick<Origins, 'issuer'>, tenant: { readonly id: string }): string {
  return `${issuer}/${tenant.id}/v2.0`
}

/** Issuer of v1 tokens of a tenant; Entra's own is `https://sts.windows.net/{tid}/`. */
export function issuerV1({ issuer }: Pick<Origins, 'issuer'>, tenant: { readonly id: string }): string {
  return `${issuer}/${tenant.id}/`
}

/** Whether an issuer of v2 tokens is this emulator: both listeners are one authority, and take what the other one issued. */
export function isIssuerV2(origins: Origins, tenant: { readonly id: string }, issuer: unknown): boolean {
  return ownOrigins(origins).some((own) => issuerV2({ issuer: own }, tenant) === issuer)
}

/** The same of either version. */
export function isIssuer(origins: Origins, tenant: { readonly id: string }, issuer: unknown): boolean {
  const isV1 = ownOrigins(origins).some((own) => issuerV1({ issuer: own }, tenant) === issuer)
  return isV1 || isIssuerV2(origins, tenant, issuer)
}

/** Every origin that the emulator's issuers can begin with. */
export function ownOrigins({ issuer, http, https, isFixed }: Origins): readonly string[] {
  return isFixed ? [issuer] : [http, https].filter((origin) => origin !== undefined)
}
