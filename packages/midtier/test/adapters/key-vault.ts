// A key vault by its protocol: https under its own name, the challenge that names tenant and resource, and secrets that tell whose token read them.
import { Agent, createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createWebApi } from '../../src/index.ts'
import { createCertificate } from '../client-auth/certificates.ts'
import { claimsChallenge, contoso, keyVault, type SdkScenario } from './sdk-scenario.ts'

const host = 'contoso.vault.azure.net'

export interface KeyVault {
  readonly url: string
  /** Finds the vault on this machine and trusts its certificate. */
  readonly agent: Agent
  /** Whose tokens arrived: the object id of each, in order. */
  readonly presented: string[]
  /** The tenant that the challenge names. */
  tenantId: string
  /** From now on the tokens that were seen are answered with a claims challenge. */
  revokeSeenTokens(): void
  stop(): void
}

export async function startKeyVault({ emulator, fetch, clock }: SdkScenario): Promise<KeyVault> {
  const certificate = createCertificate(host)
  const validator = createWebApi({
    tenantId: contoso,
    clientId: keyVault,
    audience: 'https://vault.azure.net',
    instance: emulator.httpsOrigin ?? '',
    clock,
    fetch,
  })
  const seen = new Set<string>()
  const revoked = new Set<string>()
  const presented: string[] = []
  const vault = { tenantId: contoso }

  const server = createServer({ key: certificate.keyPem, cert: certificate.pem }, (request, response) => {
    const answer = (status: number, body: object, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    }
    const { authorization } = request.headers
    if (authorization === undefined) {
      const parameters = `authorization="https://login.microsoftonline.com/${vault.tenantId}", resource="https://vault.azure.net"`
      answer(401, {}, { 'www-authenticate': `Bearer ${parameters}` })
      return
    }
    if (revoked.has(authorization)) {
      answer(401, {}, { 'www-authenticate': claimsChallenge })
      return
    }
    seen.add(authorization)
    validator
      .authenticate({ method: 'GET', url: '/', header: (name) => request.headers[name] })
      .then(({ principal }) => {
        const who = principal.objectId ?? ''
        presented.push(who)
        answer(200, {
          id: `https://${host}/secrets/greeting/1`,
          value: `${principal.kind} ${who}`,
          attributes: {},
        })
      })
      .catch((error: unknown) => {
        answer(403, { error: { code: 'Forbidden', message: String(error) } })
      })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return Object.assign(vault, {
    url: `https://${host}:${(server.address() as AddressInfo).port}`,
    presented,
    agent: new Agent({
      ca: certificate.pem,
      keepAlive: true,
      lookup: (_name, _options, found) => {
        found(null, [{ address: '127.0.0.1', family: 4 }])
      },
    }),
    revokeSeenTokens() {
      for (const authorization of seen) revoked.add(authorization)
    },
    stop() {
      server.closeAllConnections()
      server.close()
    },
  })
}
