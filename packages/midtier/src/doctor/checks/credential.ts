// The credential by itself: which one it is, and for how long it is good.
import { decodeBase64url } from '../../kernel/crypto/base64url.ts'
import { hasCode } from '../../kernel/errors/known-errors.ts'
import type { ClientCredential } from '../../client-auth/client-credential.ts'
import { endsSoon, soon } from '../../client-auth/ends-soon.ts'
import type { Check } from '../check.ts'
import { failed, faultOf, passed, skipped, warned, type Finding } from '../finding.ts'
import { dateOf, inWords } from '../spans.ts'

export const examineCredential: Check = async ({
  settings: { clientCredential, managedIdentity, clock },
}) => {
  if (managedIdentity !== undefined) return [passed('credential', 'a managed identity, whose host renews it')]
  if (clientCredential === undefined)
    return [skipped('credential', 'none is configured: this API validates callers and calls no other')]
  try {
    return [await describe(clientCredential, clock.nowMs())]
  } catch (error) {
    if (!hasCode(error, 'configuration_invalid', 'authority_unavailable')) throw error
    return [failed('credential', { mend: 'correct clientCredential', ...faultOf(error) })]
  }
}

async function describe(credential: ClientCredential, nowMs: number): Promise<Finding> {
  const { kind } = credential
  const validity = await credential.describe?.()
  if (validity === undefined)
    return passed('credential', `${kind}: until when it is good, its registration alone knows`)
  const { thumbprint, notBeforeMs, notAfterMs } = validity
  const named = `${kind}, SHA-256 thumbprint ${hex(thumbprint)}`
  if (notBeforeMs === undefined || notAfterMs === undefined) return passed('credential', named)
  const leftMs = notAfterMs - nowMs
  const should = 'a certificate that is good now'
  if (leftMs <= 0)
    return failed('credential', {
      is: `${named}: expired ${inWords(leftMs)} ago, on ${dateOf(notAfterMs)}`,
      should,
      mend: `${renew}, then configure it`,
    })
  if (nowMs < notBeforeMs)
    return failed('credential', {
      is: `${named}: not valid before ${dateOf(notBeforeMs)}`,
      should,
      mend: `${renew}, then configure it`,
    })
  const left = `${named}: expires in ${inWords(leftMs)}, on ${dateOf(notAfterMs)}`
  return endsSoon(notAfterMs, nowMs)
    ? warned('credential', { is: left, should: `more than ${soon}`, mend: renew })
    : passed('credential', left)
}

const renew =
  'make a new certificate and upload it: az ad app credential reset --id <client id> --append --cert @new.pem'

function hex(thumbprint: string): string {
  return [...(decodeBase64url(thumbprint) ?? [])]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase()
}
