// midtier itself: an API, so nobody signs in to it.
import * as midtier from 'midtier'
import { claimsOf, contoso, middleTier, middleTierSecret, todoApi, type Json } from '../../scenario.ts'
import { namesOf, type Client } from '../client.ts'
import { appScope, portal, portalSecret, tasksScope, type World } from '../world.ts'
import { versionOf } from './versions.ts'

const createApi = ({ emulator }: World, options: Partial<midtier.WebApiOptions> = {}): midtier.WebApi =>
  midtier.createWebApi({
    ...{ instance: emulator.origin, tenantId: contoso, clientId: middleTier },
    clientCredential: midtier.clientSecret(middleTierSecret),
    ...options,
  })

async function call(world: World, api: midtier.WebApi): Promise<midtier.Caller> {
  const header = `Bearer ${await world.assertion()}`
  const url = 'http://localhost/todolist'
  return api.authenticate({
    ...{ method: 'GET', url },
    header: (name) => (name.toLowerCase() === 'authorization' ? header : undefined),
  })
}

async function asApplication(world: World, clientCredential: midtier.ClientCredential): Promise<Json> {
  const api = createApi(world, { clientId: portal, clientCredential })
  return claimsOf((await api.acquireTokenForClient({ scopes: [appScope] })).accessToken)
}

/** The shared store that sessions live in: one process is enough here. */
function memoryStore(): midtier.TokenStore {
  const values = new Map<string, string>()
  const keyOf = ({ partition, key }: midtier.Slot): string => JSON.stringify([partition, key])
  return {
    get: (slot) => values.get(keyOf(slot)),
    set: (slot, value) => void values.set(keyOf(slot), value),
    delete: (slot) => void values.delete(keyOf(slot)),
    deletePartition: () => values.clear(),
  }
}

const signIn = 'an API has no page to sign in at'

export const midtierItself: Client = {
  name: 'midtier',
  version: versionOf('midtier'),
  reach: 'http, `instance`',
  names: () => namesOf(midtier),
  cells: {
    code: { because: signIn, lacks: /authorizationCode|authorizationUrl|authCode/i },
    refresh: {
      note: 'of a long-running session, so for the next API',
      holds: { aud: todoApi, azp: middleTier, scp: 'Tasks.ReadWrite' },
      run: async (world) => {
        const keyRing = { current: 'k', keys: { k: Buffer.alloc(32, 7).toString('base64') } }
        const api = createApi(world, { longRunning: {}, tokenCache: { store: memoryStore(), keyRing } })
        const key = await api.longRunning.start(await call(world, api), { scopes: [tasksScope] })
        return claimsOf((await api.longRunning.acquire(key, { forceRefresh: true })).accessToken)
      },
    },
    secret: (world) => asApplication(world, midtier.clientSecret(portalSecret)),
    certificate: (world) => {
      const { pem: certificate, privateKeyPem: privateKey } = world.certificate
      return asApplication(world, midtier.clientCertificate({ certificate, privateKey }))
    },
    onBehalfOf: async (world) => {
      const caller = await call(world, createApi(world))
      return claimsOf((await caller.acquireTokenOnBehalfOf({ scopes: [tasksScope] })).accessToken)
    },
    deviceCode: { because: signIn, lacks: /device/i },
    password: { because: 'it takes no password of a user', lacks: /password/i },
    hybrid: { because: signIn, lacks: /hybrid/i },
    implicit: { because: signIn, lacks: /implicit/i },
    managedIdentity: async (world) => {
      const endpoint = midtier.imdsEndpoint(world.emulator.origin)
      const identity = midtier.createManagedIdentity({ endpoint })
      return claimsOf((await identity.acquireToken({ resource: `api://${todoApi}` })).accessToken)
    },
    logout: { because: 'an API has no session at the authority', lacks: /logout|endSession/i },
    userinfo: { because: 'what it knows of a caller is in the token', lacks: /userinfo/i },
    keys: async (world) => ({ ...(await call(world, createApi(world))).principal.claims }),
  },
}
