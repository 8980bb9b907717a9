// An authority of a few lines behind a fake fetch: documents by URL, a log of what was asked, and weather to order.
import type { Clock } from '../../src/kernel/time/clock.ts'
import type { Fetch } from '../../src/kernel/http/http.ts'
import { nowSeconds, tenantId, type Signer } from '../jwt/token-builder.ts'

/** A clock that a test moves. */
export interface MovableClock extends Clock {
  advanceSeconds(seconds: number): void
}

export function createClock(startSeconds: number = nowSeconds): MovableClock {
  let ms = startSeconds * 1000
  return {
    nowMs: () => ms,
    advanceSeconds: (seconds) => {
      ms += seconds * 1000
    },
  }
}

/** What answers instead of the documents. */
export type Weather = () => Response | Promise<Response>

export interface FakeAuthority {
  readonly fetch: Fetch
  /** URLs in the order in which they were asked for. */
  readonly requests: string[]
  /** How often a document of the kind was asked for. */
  count(kind: 'metadata' | 'keys'): number
  /** Publishes a document at a URL. */
  serve(url: string, document: unknown): void
  /** While set, answers everything. */
  weather: Weather | undefined
  /** Answers a turn of the event loop later, as nobody over a network answers sooner. Default false. */
  isFarAway: boolean
}

export function createFakeAuthority(): FakeAuthority {
  const documents = new Map<string, string>()
  const requests: string[] = []
  const authority: FakeAuthority = {
    requests,
    weather: undefined,
    isFarAway: false,
    count: (kind) => requests.filter((url) => (kind === 'keys') === url.includes('/keys')).length,
    serve: (url, document) =>
      void documents.set(url, typeof document === 'string' ? document : JSON.stringify(document)),
    fetch: async (input) => {
      const url = String(input)
      requests.push(url)
      await (authority.isFarAway ? new Promise((resolve) => setImmediate(resolve)) : undefined)
      if (authority.weather !== undefined) return authority.weather()
      const document = documents.get(url)
      return document === undefined
        ? new Response('{"error":"invalid_tenant"}', { status: 400 })
        : new Response(document)
    },
  }
  return authority
}

export const down: Weather = () => {
  throw new TypeError('fetch failed')
}

/** Publishes what Entra does for one tenant segment of the global cloud, v2.0 and v1.0. */
export function serveEntra(
  authority: FakeAuthority,
  signers: readonly Signer[],
  options: { readonly segment?: string; readonly tid?: string; readonly keyIssuer?: string | undefined } = {},
): void {
  const { segment = tenantId } = options
  const tid = options.tid ?? (segment === 'common' || segment === 'organizations' ? '{tenantid}' : segment)
  const base = `https://login.microsoftonline.com/${segment}`
  const keyIssuer =
    'keyIssuer' in options ? options.keyIssuer : 'https://login.microsoftonline.com/{tenantid}/v2.0'
  authority.serve(`${base}/v2.0/.well-known/openid-configuration`, {
    issuer: `https://login.microsoftonline.com/${tid}/v2.0`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    cloud_instance_name: 'microsoftonline.com',
  })
  authority.serve(`${base}/discovery/v2.0/keys`, {
    keys: signers.map((signer) => signer.jwk({ issuer: keyIssuer })),
  })
  authority.serve(`${base}/.well-known/openid-configuration`, {
    issuer: `https://sts.windows.net/${tid}/`,
    jwks_uri: 'https://login.microsoftonline.com/common/discovery/keys',
    cloud_instance_name: 'microsoftonline.com',
  })
  authority.serve('https://login.microsoftonline.com/common/discovery/keys', {
    keys: signers.map((signer) => signer.jwk()),
  })
}
