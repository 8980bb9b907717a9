// An authority in a process of its own that takes its time, and counts the exchanges of each user.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { answerTokenRequest, readLocalDocument, readUserId, tenantId } from '../acquire-tokens.mjs'
import { answer } from './asked.mjs'

/** About as long as an exchange takes at the least: the herd meets while it is under way. */
const exchangeMs = 20

let jwks
let exchanges = new Map()

const server = createServer((request, response) => {
  let body = ''
  request.setEncoding('latin1').on('data', (chunk) => (body += chunk))
  request.on('end', () => {
    response.setHeader('content-type', 'application/json')
    if (request.method === 'POST') setTimeout(() => response.end(exchange(body)), exchangeMs)
    else response.end(JSON.stringify(readLocalDocument(request.url, jwks, `${origin()}/${tenantId}`)))
  })
})
server.keepAliveTimeout = 0 // no idle connection is closed at the moment of its next use

const origin = () => `http://127.0.0.1:${server.address().port}`

function exchange(body) {
  const user = readUserId(body)
  exchanges.set(user, (exchanges.get(user) ?? 0) + 1)
  return answerTokenRequest(body)
}

answer({
  async open() {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return origin()
  },
  publish(keys) {
    jwks = keys
  },
  /** Since this was asked last: how many, of how many users, and the most of one of them. */
  counts() {
    const each = [...exchanges.values()]
    exchanges = new Map()
    const sum = each.reduce((so, count) => so + count, 0)
    return { exchanges: sum, users: each.length, most: Math.max(0, ...each) }
  },
})
