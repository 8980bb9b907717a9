// Asks over https as a client would, and, when the certificate is what stops it, once more without it, to see what else is wrong.
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { parseObject } from '../kernel/base64url.ts'

/** What came back. */
export interface Answered {
  /** The body as JSON; absent when there was no answer, or another one. */
  readonly json?: Readonly<Record<string, unknown>> | undefined
  /** Code of what stopped the request: `ECONNREFUSED`; absent when it was answered. */
  readonly failure?: string | undefined
  /** Code of what is wrong with the certificate; it was answered nevertheless. */
  readonly distrust?: string | undefined
}

const certificateCodes: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** Gets a document. Nothing is sent that would have to be secret. */
export async function askAnyway(url: string): Promise<Answered> {
  const first = await get(url, true)
  if (first.failure === undefined || !certificateCodes.has(first.failure)) return first
  return { ...(await get(url, false)), distrust: first.failure }
}

function get(url: string, isTrustNeeded: boolean): Promise<Answered> {
  return new Promise((resolve) => {
    const options = { agent: false, timeout: 10_000, rejectUnauthorized: isTrustNeeded }
    const request = url.startsWith('https:') ? requestHttps(url, options) : requestHttp(url, options)
    request.on('response', (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => resolve({ json: parseObject(Buffer.concat(parts).toString('utf8')) }))
    })
    request.on('timeout', () => request.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })))
    request.on('error', (error: NodeJS.ErrnoException) => resolve({ failure: error.code ?? error.message }))
    request.end()
  })
}
