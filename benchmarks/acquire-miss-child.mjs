// The contenders of a miss, in turn: bare POSTs, midtier, and its peers, each against the same authority over TLS.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:https'
import { fileURLToPath } from 'node:url'
import { request as undiciRequest } from 'undici'
import { clientSecret, createWebApi } from '../packages/midtier/dist/esm/index.js'
import { createIdentityUser, createMsal, midtierUser, msalUser, requestOf } from './acquire-contenders.mjs'
import { clientId, clientSecretText, createUsers, tenantId, userScope } from './acquire-tokens.mjs'
import { takeTurns } from './acquire-turns.mjs'

/** Misses in a burst, each of another user; caches begin empty with every burst. */
const calls = 50

/** A miss runs through far more code than a hit, and each call takes long: the compiler is done after some thousands of them. */
const warmUpMs = 6_000

process.once('message', async ({ rounds, tls }) => {
  const sts = fork(fileURLToPath(new URL('acquire-sts.mjs', import.meta.url)), { execArgv: [] })
  sts.send(tls)
  const [port] = await once(sts, 'message')
  const instance = `https://localhost:${port}`
  const users = createUsers(`${instance}/${tenantId}`)
  sts.send(users.jwks)
  await once(sts, 'message')
  const onRound = (round) => round % 5 === 0 && process.send({ round, rounds })
  const results = await takeTurns(createContenders(instance, users), { rounds, onRound })
  process.send({ results }, () => process.exit())
})

function createContenders(instance, users) {
  const url = `${instance}/${tenantId}/oauth2/v2.0/token`
  const post = (body) => postByFetch(url, body)
  return [
    barePost('undici.request', (body) => postByUndici(url, body), users),
    barePost('node:https', (body) => postByHttps(url, body), users),
    barePost('the global fetch', post, users),
    midtier('midtier', {}, instance, users),
    midtier('midtier, the global fetch handed in', { fetch: (...of) => fetch(...of) }, instance, users),
    msal(post, users),
    identity(post, users),
  ].map((contender) => ({ ...contender, calls, warmUpMs }))
}

const formHeaders = {
  'content-type': 'application/x-www-form-urlencoded;charset=utf-8',
  accept: 'application/json',
}

async function postByFetch(url, body) {
  return (await fetch(url, { method: 'POST', headers: formHeaders, body })).text()
}

async function postByUndici(url, body) {
  return (await undiciRequest(url, { method: 'POST', headers: formHeaders, body })).body.text()
}

const agent = new Agent({ keepAlive: true })

function postByHttps(url, body) {
  return new Promise((resolve, reject) => {
    const headers = { ...formHeaders, 'content-length': body.length }
    const outgoing = request(url, { method: 'POST', agent, headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk) => (text += chunk))
      answer.on('end', () => resolve(text))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** The parameters of an exchange, sent and read by hand. */
function barePost(transport, post, users) {
  return {
    name: `limit: bare POST, ${transport}`,
    call: async (index) => {
      const body = new URLSearchParams({
        client_id: clientId,
        client_secret: clientSecretText,
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        requested_token_use: 'on_behalf_of',
        assertion: users.assertion(index % calls),
        scope: `${userScope} openid profile offline_access`,
      })
      return JSON.parse(await post(body.toString()))
    },
  }
}

function midtier(name, options, instance, users) {
  const callers = []
  return {
    name,
    async prepare() {
      const api = createWebApi({
        tenantId,
        clientId,
        instance,
        clientCredential: clientSecret(clientSecretText),
        algorithms: ['ES256'],
        maxCachedTokens: 2 * calls,
        tokenCache: { maxEntries: 2 * calls }, // making large ones would take longer than the misses
        ...options,
      })
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
    prepare: () => (application = createMsal(post)),
    call: (index) => application.acquireTokenOnBehalfOf(msalUser(users.assertion(index % calls))),
  }
}

function identity(post, users) {
  return {
    name: '@azure/identity',
    call: (index) => createIdentityUser(users.assertion(index % calls), post).getToken(midtierUser.scopes),
  }
}
