// A store that takes tokens and no names of sessions: the request goes on with the caller's own token, and no session is left behind.
import type { Caller, TokenStore, WebApi } from 'midtier'
import { expect, it } from 'vitest'
import { createNamedSessions } from '../src/calls/sessions.ts'

it('is no failure of the request, is said to the owner, and leaves no session behind', async () => {
  const done: string[] = []
  const longRunning = {
    start: async () => 'the key',
    stop: async (key: string) => done.push(`stopped ${key}`) > 0,
    acquire: () => Promise.reject(new Error('nobody asks for a token of the session')),
  }
  const store = {
    get: async () => undefined,
    set: () => Promise.reject(new Error('NOPERM')),
  } as unknown as TokenStore
  const caller = { acquireToken: async () => ({ accessToken: 'of the caller' }) } as unknown as Caller
  const sessions = createNamedSessions({
    api: { longRunning } as unknown as WebApi,
    clientId: 'client',
    store,
    keyRing: { current: 'k1', keys: { k1: new Uint8Array(32) } },
    warn: () => done.push('warned'),
  })
  const session = { name: 'report', accountId: 'oid.tid', agentId: undefined, caller }
  expect(await sessions.acquire(session, { scopes: ['a'] })).toEqual({ accessToken: 'of the caller' })
  expect(done).toEqual(['stopped the key', 'warned'])
})
