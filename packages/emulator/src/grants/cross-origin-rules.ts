// The rules that keep single-page applications and everyone else apart at the token endpoint.
import { AadstsError } from '../kernel/aadsts-error.ts'
import type { Platform } from '../directory/model.ts'
import type { TokenRequest } from './token-request.ts'

/**
 * Checks that what was issued to a single-page application is redeemed by a browser, and nothing else is;
 * and that a web application proves itself.
 * @throws {AadstsError} 9002327, 9002326, 7000218
 */
export function checkPlatform({ origin, client, look }: TokenRequest, platform: Platform): void {
  look('platform', {
    expected: platform === 'spa' ? 'a page of the single-page application (Origin)' : 'no page (no Origin)',
    actual: origin ?? 'no Origin',
  })
  if (platform === 'spa') {
    if (origin === undefined) throw new AadstsError(9002327)
    return
  }
  if (origin !== undefined) throw new AadstsError(9002326, { origin })
  if (platform !== 'web' || client.level !== '0') return
  look('client_authentication', { expected: 'a credential: a web application proves itself' })
  throw new AadstsError(7000218)
}
