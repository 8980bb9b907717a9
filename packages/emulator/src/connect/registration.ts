// What an application of the emulator has to be told about itself, as the options that midtier's `createWebApi` takes.
import type { Listener } from '../kernel/origins.ts'
import { describeConnection, type ConnectionSource } from './connection.ts'

/** Options of `createWebApi`, to be spread into it. A plain object: neither package imports the other. */
export interface Registration {
  readonly instance: string
  readonly tenantId: string
  readonly clientId: string
  /** Absent when the application holds no secret that is valid now. */
  readonly clientCredential?: SecretCredential
  /** The emulator's clock: advanced together with it. */
  readonly clock: { nowMs(): number }
}

/** A client secret, which no log shows. */
export interface SecretCredential {
  readonly kind: 'secret'
  addTo(parameters: URLSearchParams): void
}

/** Whose issuer the API takes. */
export interface RegistrationOptions {
  /** Where both listen and no public origin is given; default `https`. */
  readonly listener?: Listener
}

/**
 * The registration of an application, by its id, display name or application ID URI.
 * @throws {EmulatorOptionsError} when there is no such application or listener
 */
export function describeRegistration(
  source: ConnectionSource,
  wanted: string,
  { listener }: RegistrationOptions = {},
): Registration {
  const { origin, tenantId, clientId, clientSecret } = describeConnection(source, wanted, listener)
  return {
    instance: origin,
    tenantId,
    clientId,
    ...(clientSecret !== undefined && { clientCredential: secretCredential(clientSecret) }),
    clock: { nowMs: () => source.clock.now() },
  }
}

function secretCredential(secret: string): SecretCredential {
  return {
    kind: 'secret',
    addTo: (parameters) => {
      parameters.set('client_secret', secret)
    },
  }
}
