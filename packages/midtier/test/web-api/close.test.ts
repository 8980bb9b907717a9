// What ends with a web API: it no longer hears what others say by the shared store.
import { expect, it } from 'vitest'
import {
  clientSecret,
  createWebApi,
  type ObservedEvent,
  type TokenStore,
  type WebApiOptions,
} from '../../src/index.ts'
import { clientId, tenantId } from '../jwt/token-builder.ts'
import { createOpenStore, onlyK1 } from '../token-cache/open-store.ts'

const createOptions = (subscribe: NonNullable<TokenStore['subscribe']>): WebApiOptions => ({
  tenantId,
  clientId,
  clientCredential: clientSecret('s3cret'),
  tokenCache: { store: { ...createOpenStore().store, subscribe }, keyRing: onlyK1 },
  fetch: () => Promise.resolve(new Response('down', { status: 503 })),
  logger: false,
})

it.each(['at once', 'when it is first used'])('hears the shared store no more, wired %s', async (when) => {
  const counts = { opened: 0, closed: 0 }
  const options = createOptions(() => {
    counts.opened += 1
    return { ready: Promise.resolve(), close: () => void (counts.closed += 1) }
  })
  const api = createWebApi(when === 'at once' ? options : () => options)
  const asking = api.acquireTokenForClient({ scopes: ['api://todo/.default'] })
  await expect(asking).rejects.toMatchObject({ code: 'authority_unavailable' })
  expect(counts).toEqual({ opened: 1, closed: 0 })
  await api.close()
  expect(counts).toEqual({ opened: 1, closed: 1 })
})

it('says that closing failed, and who asked for it', async () => {
  const events: ObservedEvent[] = []
  const api = createWebApi({
    ...createOptions(() => ({ ready: Promise.resolve(), close: () => Promise.reject(new Error('stuck')) })),
    observer: (event) => void events.push(event),
  })
  await api.acquireTokenForClient({ scopes: ['api://todo/.default'] }).catch(() => undefined)
  await expect(api.close()).rejects.toThrow('stuck')
  expect(events.at(-1)).toMatchObject({ type: 'operation_failed', operation: 'close' })
})
