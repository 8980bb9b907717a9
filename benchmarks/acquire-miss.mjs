// What a token that is not cached costs the client: processor time of an exchange over loopback HTTP, beside a bare POST by the same fetch.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import {
  createIdentityUser,
  createMidtier,
  createMsal,
  midtierUser,
  msalUser,
  requestOf,
} from './acquire-contenders.mjs'
import { clientId, clientSecretText, createUsers, userScope } from './acquire-tokens.mjs'
import { takeTurns } from './acquire-turns.mjs'

/** Misses in a burst, each of another user; caches begin empty with every burst. */
const calls = 50

export async function measureMiss({ rounds, progress }) {
  const sts = fork(fileURLToPath(new URL('acquire-sts.mjs', import.meta.url)), { execArgv: [] })
  const [port] = await once(sts, 'message')
  const contenders = createContenders(`http://127.0.0.1:${port}/token`, createUsers())
  const onRound = (round) => round % 5 === 0 && progress(`misses: round ${round + 1} of ${rounds}`)
  const results = await takeTurns(contenders, { rounds, onRound })
  sts.disconnect()
  return results
}

function createContenders(url, users) {
  const post = async (body) => (await postForm(url, body)).text()
  return [barePost(url, users), midtier(url, users), msal(post, users), identity(post, users)]
}

function postForm(url, body) {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded;charset=utf-8',
    accept: 'application/json',
  }
  return fetch(url, { method: 'POST', headers, body })
}

/** The parameters of an exchange, sent and read by hand. */
function barePost(url, users) {
  return {
    name: 'limit: bare POST, global fetch',
    calls,
    call: async (index) => {
      const body = new URLSearchParams({
        client_id: clientId,
        client_secret: clientSecretText,
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        requested_token_use: 'on_behalf_of',
        assertion: users.assertion(index % calls),
        scope: `${userScope} openid profile offline_access`,
      })
      return JSON.parse(await (await postForm(url, body.toString())).text())
    },
  }
}

function midtier(url, users) {
  const callers = []
  return {
    name: 'midtier',
    calls,
    async prepare() {
      const api = createMidtier(users.jwks, { send: (_, init) => fetch(url, init) })
      for (let index = 0; index < calls; index++)
        callers[index] = await api.authenticate(requestOf(users.assertion(index)))
    },
    call: (index) => callers[index % calls].acquireToken(midtierUser),
  }
}

function msal(post, users) {
  let application
  return {
    name: '@azure/msal-node',
    calls,
    prepare: () => (application = createMsal(post)),
    call: (index) => application.acquireTokenOnBehalfOf(msalUser(users.assertion(index % calls))),
  }
}

function identity(post, users) {
  return {
    name: '@azure/identity',
    calls,
    call: (index) => createIdentityUser(users.assertion(index % calls), post).getToken(midtierUser.scopes),
  }
}
