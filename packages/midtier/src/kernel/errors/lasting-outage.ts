// Outages that no waiting ends: what the code of a network error, or an answer, says of a mistake that somebody has to mend.
import type { AuthorityUnavailableError, OutageReason } from './errors.ts'
import type { HttpError } from '../http/http.ts'
import { parseJsonObject } from '../json.ts'

/** Why there is no usable answer, and what to do about it; both absent where waiting may help. */
export interface OutageCause {
  readonly reason?: OutageReason | undefined
  /** For the owner's log. */
  readonly remedy?: string | undefined
}

const trustIt =
  'start Node.js with NODE_EXTRA_CA_CERTS naming the certificates of whoever signed it, as a rule those of your proxy or of an emulator; never switch the check off'
const setClock =
  'set the clock of this machine; if it is right, whoever runs the authority, or the proxy in between, has to renew the certificate'
const fixName =
  'the certificate is for another name: check the host in instance, issuer or metadataUrl, and what answers in its place'
const findHost =
  'check the host in instance, issuer or metadataUrl (or proxy), and the name server of this machine'
const findAddress = 'check instance, tenantId, issuer or metadataUrl: there is nothing at this address'
const findTenant = 'check tenantId and instance: there is no such tenant in this cloud'

/** By the codes of Node.js; any other may pass. @see https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const networkCauses: ReadonlyMap<string, OutageCause> = new Map([
  ...untrusted(trustIt, [
    'SELF_SIGNED_CERT_IN_CHAIN',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'CERT_UNTRUSTED',
  ]),
  ...untrusted(setClock, ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']),
  ...untrusted(fixName, ['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH']),
  ['ENOTFOUND', { reason: 'host_not_found', remedy: findHost }],
])

function untrusted(remedy: string, codes: readonly string[]): readonly (readonly [string, OutageCause])[] {
  return codes.map((code) => [code, { reason: 'tls_untrusted', remedy }])
}

/** Why a request came to nothing. */
export function causeOfSilence({ code }: HttpError): OutageCause | undefined {
  return networkCauses.get(String(code))
}

/** There is nothing where something was looked for (404). */
export const nothingThere: OutageCause = { reason: 'address_not_found', remedy: findAddress }

/** `invalid_tenant`: not found, no domain, or no text that could be a tenant; metadata are asked by nothing else. */
const tenantNumbers: readonly number[] = [90002, 90013, 900023]

/** A refusal to hand out a document, with as much of an OAuth error as can be told safely. */
export function describeRefusal(
  status: number,
  text: string,
): { readonly what: string; readonly cause: OutageCause } {
  const { error, numbers } = status < 500 ? readError(text) : { error: undefined, numbers: [] }
  const told = [...(error === undefined ? [] : [error]), ...numbers.map((number) => `AADSTS${number}`)]
  const what = `status ${status}${told.length === 0 ? '' : ` (${told.join(', ')})`}`
  if (error === 'invalid_tenant' || numbers.some((number) => tenantNumbers.includes(number)))
    return { what, cause: { reason: 'tenant_not_found', remedy: findTenant } }
  return { what, cause: status === 404 ? nothingThere : {} }
}

/** Its words are not told: they may name anybody. */
function readError(text: string): {
  readonly error: string | undefined
  readonly numbers: readonly number[]
} {
  const { error, error_codes: codes } = parseJsonObject(text) ?? {}
  const isCode = typeof error === 'string' && /^[a-z][a-z0-9_]{0,63}$/.test(error)
  const numbers = Array.isArray(codes) ? codes.filter((each) => isAadstsNumber(each)).slice(0, 3) : []
  return { error: isCode ? error : undefined, numbers }
}

function isAadstsNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0 && Number(value) < 1e8
}

/** What is known of an outage, for an error that tells of it once more. */
export function causeOf(failure: AuthorityUnavailableError | undefined): OutageCause {
  return { reason: failure?.reason, remedy: failure?.remedy }
}
