// The cold path, counted: which calls of ours stand between a handler that wants a token on behalf of its caller, with nothing cached, and
// Node's own client of http. `node scripts/cold-path.mjs` prints them, the handler's first; with --most N --files N it fails when there are
// more. Needs a build.
import { once } from 'node:events'
import http from 'node:http'
import { register } from 'node:module'
import { parseArgs } from 'node:util'
import {
  answerTokenRequest,
  clientId,
  clientSecretText,
  createUsers,
  readDocument,
  tenantId,
} from '../benchmarks/acquire-tokens.mjs'

// What `#http` stands for is counted where it was written, not in the bundle that is published.
register(
  `data:text/javascript,${encodeURIComponent(`
    const built = { '#crypto': 'crypto/crypto', '#http': 'http/authority-fetch' }
    const kernel = ${JSON.stringify(new URL('../packages/midtier/build/kernel/', import.meta.url).href)}
    export const resolve = (name, context, next) =>
      name in built ? next(kernel + built[name] + '.node.js', context) : next(name, context)
  `)}`,
)
const { midtierUser, requestOf } = await import('../benchmarks/acquire-contenders.mjs')
const { clientSecret, createWebApi } = await import('../packages/midtier/build/index.js')

const { values: options } = parseArgs({ options: { most: { type: 'string' }, files: { type: 'string' } } })
const ours = '/packages/midtier/build/'

const authority = http.createServer(async (request, response) => {
  const body = (await request.setEncoding('latin1').toArray()).join('')
  const document = () => JSON.stringify(readDocument(request.url, users.jwks, `${instance}/${tenantId}`))
  response.setHeader('content-type', 'application/json')
  response.end(request.method === 'POST' ? answerTokenRequest(body) : document())
})
authority.listen(0, '127.0.0.1')
await once(authority, 'listening')
const instance = `http://localhost:${authority.address().port}`
const users = createUsers(`${instance}/${tenantId}`)

// Node's client is looked up at each call. A trace holds the calls that are under way, and those of async functions that await them.
Error.stackTraceLimit = Infinity
let trace
const { request } = http
http.request = (sent) => {
  if (sent.method === 'POST') trace = new Error('sent').stack
  return request(sent)
}

const clientCredential = clientSecret(clientSecretText)
const api = createWebApi({ tenantId, clientId, instance, clientCredential, algorithms: ['ES256'] })
const caller = await api.authenticate(requestOf(users.assertion(0)))
await caller.acquireToken(midtierUser)
await api.close()
authority.close()
authority.closeAllConnections()

const calls = trace
  .split('\n')
  .filter((line) => line.includes(ours))
  .map(
    (line) =>
      /at (?:async )?(?<name>.*?) ?\(?(?:file:\/\/)?[^ (]*\/midtier\/build\/(?<file>[^:]*):/.exec(line)
        .groups,
  )
  .reverse()
for (const { name, file } of calls) process.stdout.write(`${file}: ${name || '(anonymous)'}\n`)
const files = new Set(calls.map(({ file }) => file)).size
process.stdout.write(`${calls.length} calls in ${files} files\n`)
if (calls.length > Number(options.most ?? Infinity) || files > Number(options.files ?? Infinity)) {
  process.stdout.write(
    `more than the ${options.most} calls in ${options.files} files that are meant to be enough\n`,
  )
  process.exitCode = 1
}
