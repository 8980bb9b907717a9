// A downstream API that compares: whose token came, and for whom the call was meant.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ComparingApi {
  readonly url: string
  readonly calls: number
  /** Calls whose token was not the one of the user in the path, or for another API. */
  readonly mismatches: number
  stop(): Promise<void>
}

/** Answers `/api/whoami/{oid}` with the `oid` of the token. Does not verify signatures: what counts is who it was sent for. */
export async function startComparingApi(audience: string): Promise<ComparingApi> {
  const counts = { calls: 0, mismatches: 0 }
  const server = createServer((request, response) => {
    const { oid, aud } = readClaims(request.headers.authorization)
    counts.calls += 1
    if (request.url !== `/api/whoami/${String(oid)}` || aud !== audience) counts.mismatches += 1
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ oid }))
  })
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get calls() {
      return counts.calls
    },
    get mismatches() {
      return counts.mismatches
    },
    async stop() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

function readClaims(authorization = ''): Record<string, unknown> {
  const payload = /^Bearer [^.]+\.([^.]+)\./.exec(authorization)?.[1]
  return payload === undefined
    ? {}
    : (JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>)
}
