// What a token that is not cached costs the client: processor time of an exchange over loopback HTTP, beside a bare POST.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
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
import { authorityFetch } from '../packages/midtier/dist/kernel/authority-fetch.node.js'
import { takeTurns } from './acquire-turns.mjs'

/** Misses in a burst, each of another user; caches begin empty with every burst. */
const calls = 50

/** A miss runs through far more code than a hit, and each call takes long: the compiler is done after some thousands of them. */
const warmUpMs = 6_000

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
  return [
    barePost('limit: bare POST, global fetch', url, users, postForm),
    barePost('limit: bare POST, node:http', url, users, postByHttp),
    midtier('midtier', (init) => authorityFetch(url, init), users),
    midtier('midtier, the global fetch handed in', (init) => fetch(url, init), users),
    msal(post, users),
    identity(post, users),
  ].map((contender) => ({ ...contender, calls, warmUpMs }))
}

const formHeaders = {
  'content-type': 'application/x-www-form-urlencoded;charset=utf-8',
  accept: 'application/json',
}

function postForm(url, body) {
  return fetch(url, { method: 'POST', headers: formHeaders, body })
}

const agent = new Agent({ keepAlive: true })

/** The same by Node's own client, read as text. */
function postByHttp(url, body) {
  return new Promise((resolve, reject) => {
    const headers = { ...formHeaders, 'content-length': body.length }
    const outgoing = request(url, { method: 'POST', agent, headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk) => (text += chunk))
      answer.on('end', () => resolve({ text: () => text }))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** The parameters of an exchange, sent and read by hand. */
function barePost(name, url, users, post) {
  return {
    name,
    call: async (index) => {
      const body = new URLSearchParams({
        client_id: clientId,
        client_secret: clientSecretText,
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        requested_token_use: 'on_behalf_of',
        assertion: users.assertion(index % calls),
        scope: `${userScope} openid profile offline_access`,
      })
      return JSON.parse(await (await post(url, body.toString())).text())
    },
  }
}

function midtier(name, send, users) {
  const callers = []
  return {
    name,
    async prepare() {
      const api = createMidtier(users.jwks, {
        send: (_, init) => send(init),
        maxCachedTokens: 2 * calls,
        tokenCache: { maxEntries: 2 * calls }, // making large ones would take longer than the misses
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
