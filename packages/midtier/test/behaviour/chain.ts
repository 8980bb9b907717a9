// Three web APIs in a row, each acting on behalf of whoever called the first, and a vault at the end that is whatever a test makes of it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEmulator, defaultDirectory, type Application, type Emulator } from '@midtier/emulator'
import express from 'express'
import { protect, renderErrors, sendResponse } from '../../src/adapters/express.ts'
import {
  clientSecret,
  createWebApi,
  type DownstreamApiOptions,
  type ObservedEvent,
  type WebApi,
} from '../../src/index.ts'
import { alice, ids, listen } from './scenario.ts'

export const archiveApi = 'a0000000-0000-4000-8000-0000000000c6'
export const vault = 'a0000000-0000-4000-8000-0000000000c7'

/** What the vault saw of a request. */
export interface Visit {
  readonly token: string
  /** Claims of the token, unverified. */
  readonly claims: Readonly<Record<string, unknown>>
  readonly method: string
  readonly path: string
}

/** Answers for the vault. */
export type VaultAnswer = (response: ServerResponse, visit: Visit, request: IncomingMessage) => void

export interface Chain {
  readonly emulator: Emulator
  readonly apis: readonly [WebApi, WebApi, WebApi]
  /** Events of each API. */
  readonly events: readonly [ObservedEvent[], ObservedEvent[], ObservedEvent[]]
  readonly visits: Visit[]
  answer: VaultAnswer
  /** A token of the first API's own client. */
  token(more?: Partial<Parameters<Emulator['mint']>[0]>): Promise<string>
  get(path: string, token: string): Promise<Response>
  stop(): Promise<void>
}

const secretOf = (id: string): string => `secret-of-${id}-for-local-use-only`

function api(
  id: string,
  name: string,
  scope: string,
  next: { id: string; scope: string } | undefined,
): Application {
  return {
    id,
    displayName: name,
    tenantId: ids.contoso,
    publisher: 'Contoso',
    identifierUris: [`api://${id}`],
    secrets: [{ value: secretOf(id) }],
    scopes: [{ value: scope }],
    requiredResourceAccess: next === undefined ? [] : [{ resourceId: next.id, scopes: [next.scope] }],
    accessTokenAcceptedVersion: 2,
    optionalClaims: { accessToken: ['xms_cc', 'idtyp'] },
  }
}

const archived = { id: archiveApi, scope: 'Archive.Read' }
const kept = { id: vault, scope: 'Vault.Read' }

const directory = {
  ...defaultDirectory,
  applications: [
    ...defaultDirectory.applications.filter(({ id }) => id !== ids.todoApi),
    api(ids.todoApi, 'To Do API', 'Tasks.ReadWrite', archived),
    api(archiveApi, 'Archive API', 'Archive.Read', kept),
    api(vault, 'Vault', 'Vault.Read', undefined),
  ],
  consents: [
    ...(defaultDirectory.consents ?? []),
    { tenantId: ids.contoso, clientId: ids.todoApi, resourceId: archiveApi, scopes: ['Archive.Read'] },
    { tenantId: ids.contoso, clientId: archiveApi, resourceId: vault, scopes: ['Vault.Read'] },
  ],
}

export async function startChain(): Promise<Chain> {
  const emulator = await createEmulator({ directory })
  const visits: Visit[] = []
  const servers: Server[] = []
  const vaultServer = createServer((request, response) => {
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    const visit = { token, claims: payloadOf(token), method: request.method ?? '', path: request.url ?? '' }
    visits.push(visit)
    chain.answer(response, visit, request)
  })
  await new Promise<void>((resolve) => vaultServer.listen(0, '127.0.0.1', resolve))
  servers.push(vaultServer)
  const events: [ObservedEvent[], ObservedEvent[], ObservedEvent[]] = [[], [], []]

  async function hop(
    index: 0 | 1 | 2,
    clientId: string,
    scope: string,
    next: { readonly url: string; readonly id: string },
  ): Promise<{ api: WebApi; url: string }> {
    const secret = clientId === ids.middleTier ? 'middle-tier-secret-for-local-use-only' : secretOf(clientId)
    const downstream: DownstreamApiOptions = { baseUrl: next.url, scopes: [`api://${next.id}/.default`] }
    const webApi = createWebApi({
      tenantId: ids.contoso,
      clientId,
      instance: emulator.origin,
      clientCredential: clientSecret(secret),
      downstreamApis: { next: downstream },
      clock: { nowMs: () => emulator.clock.now() },
      observer: (event) => events[index].push(event),
    })
    const app = express()
    app.use(protect(webApi, { scopes: [scope] }))
    app.get('/json/:path', async (req, res) => {
      const path = index === 2 ? req.params.path : `json/${req.params.path}`
      res.json(await req.caller.downstream('next').getJson(path))
    })
    app.get('/relay/:path', async (req, res) => {
      const path = index === 2 ? req.params.path : `relay/${req.params.path}`
      await sendResponse(res, await req.caller.downstream('next').relay(path))
    })
    app.use(renderErrors())
    const { server, url } = await listen(app)
    servers.push(server)
    return { api: webApi, url }
  }

  const vaultUrl = `http://127.0.0.1:${(vaultServer.address() as AddressInfo).port}/`
  const third = await hop(2, archiveApi, 'Archive.Read', { url: vaultUrl, id: vault })
  const second = await hop(1, ids.todoApi, 'Tasks.ReadWrite', { url: third.url, id: archiveApi })
  const first = await hop(0, ids.middleTier, 'access_as_user', { url: second.url, id: ids.todoApi })
  const apis = [first.api, second.api, third.api] as const

  const chain: Chain = {
    emulator,
    apis,
    events,
    visits,
    answer: (response) => void response.end('{}'),
    token: (more = {}) =>
      emulator.mint({
        user: alice,
        client: ids.webClient,
        audience: ids.middleTier,
        scopes: ['access_as_user'],
        capabilities: ['cp1'],
        ...more,
      }),
    get: (path, token) => fetch(first.url + path, { headers: { authorization: `Bearer ${token}` } }),
    async stop() {
      for (const server of servers) {
        server.closeAllConnections()
        server.close()
      }
      for (const each of apis) await each.close()
      await emulator.stop()
    },
  }
  return chain
}

function payloadOf(token: string): Record<string, unknown> {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
  return payload === '' ? {} : (JSON.parse(payload) as Record<string, unknown>)
}

/** A vault that wants the person. */
export function challenging(claims: string, more = ''): VaultAnswer {
  return (response) => {
    const challenge = `Bearer realm="", authorization_uri="https://login.evil.example/", client_id="evil", error="insufficient_claims", claims="${btoa(claims)}"${more}`
    response.writeHead(401, { 'www-authenticate': challenge }).end('{"vault":"a secret of the vault"}')
  }
}
