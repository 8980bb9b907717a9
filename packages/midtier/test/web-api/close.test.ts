// What ends with a web API: it no longer hears what others say by the shared store.
import { expect, it } from 'vitest'
import { clientSecret, createWebApi, type TokenStore } from '../../src/index.ts'
import { clientId, tenantId } from '../jwt/token-builder.ts'
import { createOpenStore, onlyK1 } from '../token-cache/open-store.ts'

it('hears the shared store no more', async () => {
  const { store } = createOpenStore()
  const counts = { opened: 0, closed: 0 }
  const counted: TokenStore = {
    ...store,
    subscribe() {
      counts.opened += 1
      return { ready: Promise.resolve(), close: () => void (counts.closed += 1) }
    },
  }
  const api = createWebApi({
    tenantId,
    clientId,
    clientCredential: clientSecret('s3cret'),
    tokenCache: { store: counted, keyRing: onlyK1 },
    fetch: () => Promise.resolve(new Response('down', { status: 503 })),
    logger: false,
  })
  const asking = api.acquireTokenForClient({ scopes: ['api://todo/.default'] })
  await expect(asking).rejects.toMatchObject({ code: 'authority_unavailable' })
  expect(counts).toEqual({ opened: 1, closed: 0 })
  await api.close()
  expect(counts).toEqual({ opened: 1, closed: 1 })
})
