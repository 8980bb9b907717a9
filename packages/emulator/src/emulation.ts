// Everything that the endpoints share: one object, made at the start and handed in.
import type { EmulatorClock } from './clock.ts'
import type { Directory } from './directory/directory.ts'
import type { Tenant } from './directory/model.ts'
import type { Faults } from './faults/faults.ts'
import type { Policies } from './policies/policies.ts'
import type { RequestLog } from './request-log.ts'
import type { Sealer } from './seal.ts'
import type { SigningKeys } from './tokens/signing-keys.ts'
import type { UsedCodes } from './grants/used-codes.ts'

/** Bounds between which the lifetime of an access token is drawn. */
export interface TokenLifetime {
  readonly minimumSeconds: number
  readonly maximumSeconds: number
}

/** Where the emulator is reached. */
export interface Origins {
  /** What issuers, and `emulator.origin`, are made of. */
  readonly issuer: string
  readonly http: string
  readonly https: string | undefined
  /** Whether a proxy stands in front: then documents name its origin only. */
  readonly isFixed: boolean
}

/** The emulator's shared parts. */
export interface Emulation {
  readonly origins: Origins
  readonly directory: Directory
  readonly keys: SigningKeys
  readonly clock: EmulatorClock
  readonly sealer: Sealer
  readonly faults: Faults
  readonly policies: Policies
  readonly requests: RequestLog
  readonly usedCodes: UsedCodes
  readonly lifetime: TokenLifetime
  /** Told about requests that failed inside the emulator. */
  readonly log: (message: string) => void
}

/** Issuer of v2 tokens of a tenant. */
export function issuerV2({ origins }: Pick<Emulation, 'origins'>, tenant: Pick<Tenant, 'id'>): string {
  return `${origins.issuer}/${tenant.id}/v2.0`
}

/** Issuer of v1 tokens of a tenant; Entra's own is `https://sts.windows.net/{tid}/`. */
export function issuerV1({ origins }: Pick<Emulation, 'origins'>, tenant: Pick<Tenant, 'id'>): string {
  return `${origins.issuer}/${tenant.id}/`
}
