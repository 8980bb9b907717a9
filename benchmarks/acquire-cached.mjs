// What a cached token costs, by how many users' tokens are cached beside it: on behalf of a user, silently, and for the application.
import {
  createIdentityApp,
  createIdentityUser,
  midtierApp,
  midtierUser,
  msalApp,
  msalUser,
  requestOf,
} from './acquire-contenders.mjs'
import { seedMidtier } from './acquire-seed-midtier.mjs'
import { seedMsal } from './acquire-seed-msal.mjs'
import { createUsers } from './acquire-tokens.mjs'
import { takeTurns } from './acquire-turns.mjs'

/** Users who take turns, spread over the cache. */
const callersInTurn = 64

export const counts = [1, 1_000, 10_000, 100_000]

/** In a quick run msal-node stops at a thousand users: at a hundred thousand it takes seconds a call, and as long to set up. */
export async function measureCached({ rounds, quick, progress }) {
  const users = createUsers()
  const contenders = []
  for (const count of counts) {
    progress(`filling caches: ${count} users`)
    contenders.push(...(await midtierContenders(users, count)))
    if (!quick || count <= 1_000) contenders.push(...(await msalContenders(users, count)))
    if (count <= 1_000) contenders.push(...(await identityContenders(users, count)))
  }
  const onRound = (round) => round % 10 === 0 && progress(`cached tokens: round ${round + 1} of ${rounds}`)
  const results = await takeTurns(contenders, { rounds, onRound })
  return { results, assertionLength: users.length }
}

/** One of the users in turn: steps through the whole cache. */
function spread(index, count) {
  const inTurn = Math.min(callersInTurn, count)
  return Math.floor(((index % inTurn) * count) / inTurn)
}

function spreadOver(count) {
  return new Set(Array.from({ length: callersInTurn }, (_, index) => spread(index, count)))
}

export async function midtierContenders(users, count) {
  const { api, callers } = await seedMidtier(users, count, spreadOver(count))
  const authenticate = (index) => api.authenticate(requestOf(users.assertion(index)))
  const callerOf = (index) => callers.get(spread(index, count))
  return [
    contender('midtier', 'onBehalfOf', count, (index) => callerOf(index).acquireToken(midtierUser)),
    contender('midtier', 'silent', count, (index) => callerOf(index).acquireTokenSilent(midtierUser)),
    contender('midtier', 'app', count, () => api.acquireTokenForClient(midtierApp)),
    contender('midtier', 'fromHeader', count, async (index) =>
      (await authenticate(spread(index, count))).acquireToken(midtierUser),
    ),
  ]
}

async function msalContenders(users, count) {
  const { application, accounts } = await seedMsal(users, count, spreadOver(count))
  await application.acquireTokenByClientCredential(msalApp())
  return [
    contender('msal-node', 'onBehalfOf', count, (index) =>
      mustBeCached(application.acquireTokenOnBehalfOf(msalUser(users.assertion(spread(index, count))))),
    ),
    contender('msal-node', 'silent', count, (index) =>
      mustBeCached(
        application.acquireTokenSilent({ ...msalUser(), account: accounts(spread(index, count)) }),
      ),
    ),
    contender('msal-node', 'app', count, () =>
      mustBeCached(application.acquireTokenByClientCredential(msalApp())),
    ),
  ]
}

async function mustBeCached(acquiring) {
  const { fromCache } = await acquiring
  if (!fromCache) throw new Error('msal-node did not answer from its cache')
}

async function identityContenders(users, count) {
  const { scopes } = midtierUser
  const credentials = []
  for (let index = 0; index < count; index++) {
    const credential = createIdentityUser(users.assertion(index))
    await credential.getToken(scopes)
    credentials.push(credential)
  }
  const application = createIdentityApp()
  await application.getToken(midtierApp.scopes)
  return [
    contender('identity', 'onBehalfOf', count, (index) => credentials[spread(index, count)].getToken(scopes)),
    contender('identity', 'app', count, () => application.getToken(midtierApp.scopes)),
  ]
}

function contender(who, what, count, call) {
  return { name: `${who} ${what} ${count}`, call }
}
