// Run with --expose-gc in a process of its own: fills one contender's cache with users and prints the bytes of heap that each of them holds.
import {
  createIdentityUser,
  createMidtier,
  createMsal,
  midtierUser,
  msalUser,
  requestOf,
} from './acquire-contenders.mjs'
import { createUsers } from './acquire-tokens.mjs'

const [who, countText] = process.argv.slice(2)
const count = Number(countText)

/** As many users again and again are measured as were there before, so that what the first ones load and compile does not count. */
const users = createUsers()

const fillers = {
  'token cache': () => fillMidtier({ maxCachedTokens: 0 }),
  'verified tokens and token cache': () => fillMidtier({}),
  'msal-node': fillMsal,
  identity: fillIdentity,
}

function fillMidtier(options) {
  const api = createMidtier(users.jwks, options)
  return async (index) => {
    await api.authenticate(requestOf(users.assertion(index))) // verified tokens are remembered from their second use
    const caller = await api.authenticate(requestOf(users.assertion(index)))
    await caller.acquireToken(midtierUser)
  }
}

function fillMsal() {
  const application = createMsal()
  return (index) => application.acquireTokenOnBehalfOf(msalUser(users.assertion(index)))
}

function fillIdentity() {
  const credentials = []
  return async (index) => {
    credentials.push(createIdentityUser(users.assertion(index)))
    await credentials.at(-1).getToken(midtierUser.scopes)
  }
}

async function usedHeap() {
  for (let turn = 0; turn < 4; turn++) {
    globalThis.gc()
    await new Promise((resolve) => void setTimeout(resolve, 20))
  }
  return process.memoryUsage().heapUsed
}

const fill = fillers[who]()
for (let index = 0; index < count; index++) await fill(index)
const before = await usedHeap()
for (let index = count; index < 2 * count; index++) await fill(index)
const after = await usedHeap()
process.stdout.write(JSON.stringify({ bytesPerUser: (after - before) / count }))
await fill(0) // what was filled must be alive until here
