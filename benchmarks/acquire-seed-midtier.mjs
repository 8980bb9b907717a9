// Fills midtier's cache with as many users as it is asked to: those who call by real exchanges, the others by copies of their entries.
import { AccessToken } from '../packages/midtier/build/acquire/token-source.js'
import { MemoryStore } from '../packages/midtier/build/token-cache/memory-store.js'
import { createMidtier, midtierApp, midtierUser, requestOf } from './acquire-contenders.mjs'
import { answerTokenRequest, userId } from './acquire-tokens.mjs'

export async function seedMidtier(users, count, callerIndexes) {
  const api = createMidtier(users.jwks)
  const callers = new Map()
  const { store, slot, ttlMs, token } = await watchFirstEntry(async () => {
    callers.set(0, await authenticateAndAcquire(api, users.assertion(0)))
  })
  for (let index = 1; index < count; index++)
    if (callerIndexes.has(index))
      callers.set(index, await authenticateAndAcquire(api, users.assertion(index)))
    else store.set(slotOf(slot, index), copy(token), ttlMs)
  await api.acquireTokenForClient(midtierApp)
  if (store.size !== count + 1) throw new Error(`${store.size} tokens are cached for ${count} users`)
  return { api, callers }
}

async function authenticateAndAcquire(api, assertion) {
  const caller = await api.authenticate(requestOf(assertion))
  await caller.acquireToken(midtierUser)
  return caller
}

/** The store is the web API's own: it is met when the first token is kept. */
async function watchFirstEntry(fill) {
  const { set } = MemoryStore.prototype
  let first
  MemoryStore.prototype.set = function (slot, token, ttlMs) {
    first = { store: this, slot, token, ttlMs }
    set.call(this, slot, token, ttlMs)
  }
  await fill()
  MemoryStore.prototype.set = set
  return first
}

/** As long as a real one: another user, and another digest of an assertion. */
function slotOf({ partition, key }, index) {
  const digest = `${index}`.padStart(43, '0')
  return {
    partition: partition.replaceAll(userId(0), userId(index)),
    key: key.slice(0, -digest.length).replaceAll(userId(0), userId(index)) + digest,
  }
}

function copy(token) {
  const { access_token: accessToken } = JSON.parse(answerTokenRequest(''))
  return new AccessToken({ ...token.facts(), scopes: [...token.scopes], accessToken })
}
