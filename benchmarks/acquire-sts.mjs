// An authority over TLS on this machine, in a process of its own, so that its processor time is not the client's.
import { createServer } from 'node:https'
import { answerTokenRequest, readDocument, tenantId } from './acquire-tokens.mjs'

/** Handed the certificate, tells its port, and is then handed the keys that signed the users' tokens. */
process.once('message', ({ certificate, privateKey }) => {
  let jwks
  const server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
    let body = ''
    request.setEncoding('latin1')
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      response.setHeader('content-type', 'application/json')
      response.end(request.method === 'POST' ? answerTokenRequest(body) : read(request.url))
    })
  })
  const read = (path) => {
    const authority = `https://localhost:${server.address().port}/${tenantId}`
    return JSON.stringify(readDocument(path, jwks, authority))
  }
  process.on('message', (keys) => {
    jwks = keys
    process.send('ready')
  })
  server.listen(0, '127.0.0.1', () => process.send(server.address().port))
})
process.on('disconnect', () => process.exit())
