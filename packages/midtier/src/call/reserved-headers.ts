// Headers of a downstream request that are ours or the platform's: a handler that sets one is told, not ignored.
import { AcquisitionError } from '../kernel/errors.ts'

const reserved: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-length',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-original-url',
  'x-rewrite-url',
])

// Identity that a gateway vouches for (`X-MS-CLIENT-PRINCIPAL`, `X-Forwarded-*`): a request of ours must not forge it.
const reservedPrefixes = ['proxy-', 'x-forwarded-', 'x-ms-client-principal', 'x-ms-token-'] as const

/** @throws AcquisitionError `header_refused` naming the first reserved header. */
export function checkNoReservedHeader(headers: Headers): void {
  for (const name of headers.keys()) {
    if (reserved.has(name) || reservedPrefixes.some((prefix) => name.startsWith(prefix)))
      throw new AcquisitionError(
        'header_refused',
        `The header '${name}' is set by midtier or the platform; leave it out`,
      )
  }
}
