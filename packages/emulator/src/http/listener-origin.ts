// The origin that documents name: the fixed public one, or that of the listener; never what the Host header says.
import type { Origins } from '../kernel/origins.ts'
import type { EmulatorContext } from './exchange.ts'

/** Where the client of this request reaches the emulator. */
export function listenerOrigin(c: EmulatorContext, origins: Origins): string {
  if (origins.isFixed) return origins.issuer
  return c.env.listener === 'https' ? (origins.https ?? origins.issuer) : origins.http
}
