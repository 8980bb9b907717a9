// Where the token comes from in other people's setups, on Express 4 and on Express 5: functions behind serverless-http, the requests of
// node-mocks-http, a cookie; and two tokens at once, which nobody may choose between.
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { expressVersions } from './dependencies.ts'

const program = `
  import { once } from 'node:events'
  import { connect } from 'node:net'
  import { createEmulator } from '@midtier/emulator'
  import express from 'express'
  import { createWebApi } from 'midtier'
  import { protect, renderErrors } from 'midtier/express'
  import mocks from 'node-mocks-http'
  import serverless from 'serverless-http'

  const emulator = await createEmulator()
  const api = createWebApi({
    tenantId: 'contoso.onmicrosoft.com',
    clientId: 'a0000000-0000-4000-8000-000000000002',
    instance: emulator.origin,
  })
  const mint = (name) => emulator.mint({
    user: name + '@contoso.onmicrosoft.com',
    client: 'a0000000-0000-4000-8000-000000000001',
    audience: 'a0000000-0000-4000-8000-000000000002',
    scopes: ['access_as_user'],
  })
  const [alice, bob] = await Promise.all(['alice', 'bob'].map(mint))

  function createApp(...before) {
    const app = express()
    for (const middleware of before) app.use(middleware)
    app.get('/name', protect(api, { scopes: ['access_as_user'] }), (req, res) => void res.send(req.caller.principal.claims.name))
    app.use(renderErrors())
    return app
  }
  const fromCookie = (req, res, next) => {
    const token = /session=([^;]+)/.exec(req.headers.cookie ?? '')?.[1]
    if (token !== undefined) req.headers.authorization = 'Bearer ' + token
    next()
  }
  const said = (status, body, challenge) =>
    [status, status === 200 ? body : JSON.parse(body).reason, ...(challenge === undefined ? [] : ['challenge'])].join(' ')

  const invoke = serverless(createApp())
  const call = async (event) => {
    const { statusCode, body, headers } = await invoke(event, {})
    return said(statusCode, body, headers['www-authenticate'])
  }
  const rest = (fields) => ({ httpMethod: 'GET', path: '/name', body: '', requestContext: { identity: { sourceIp: '127.0.0.1' } }, ...fields })
  const http = (headers) => ({
    version: '2.0',
    rawPath: '/name',
    rawQueryString: '',
    headers,
    requestContext: { http: { method: 'GET', path: '/name', sourceIp: '127.0.0.1' } },
  })

  async function mock(headers) {
    const request = mocks.createRequest({ method: 'GET', url: '/name', headers })
    const response = mocks.createResponse({ eventEmitter: (await import('node:events')).EventEmitter })
    const ended = once(response, 'end').then(() => said(response.statusCode, response._getData(), response.getHeader('www-authenticate')))
    const admitted = new Promise((resolve) => {
      protect(api)(request, response, () => resolve('admitted ' + request.caller.principal.claims.name))
    })
    return Promise.race([ended, admitted])
  }

  const server = createApp(fromCookie).listen(0, '127.0.0.1')
  await once(server, 'listening')
  async function send(...lines) {
    const socket = connect(server.address().port, '127.0.0.1')
    socket.write(['GET /name HTTP/1.1', 'Host: localhost', 'Connection: close', ...lines, '', ''].join('\\r\\n'))
    let text = ''
    for await (const part of socket.setEncoding('utf8')) text += part
    const [head, body] = text.split('\\r\\n\\r\\n')
    return said(Number(head.split(' ')[1]), body, /^www-authenticate: (.*)$/im.exec(head)?.[1])
  }

  console.log(JSON.stringify({
    'a REST event': await call(rest({ headers: { Authorization: 'Bearer ' + alice } })),
    'a REST event of several values': await call(rest({ headers: {}, multiValueHeaders: { Authorization: ['Bearer ' + alice] } })),
    'an HTTP event': await call(http({ authorization: 'Bearer ' + alice })),
    'an event without a token': await call(http({})),
    'an event with two tokens': await call(rest({ headers: {}, multiValueHeaders: { Authorization: ['Bearer ' + alice, 'Bearer ' + bob] } })),
    'a mock': await mock({ Authorization: 'Bearer ' + alice }),
    'a mock without a token': await mock({}),
    'a cookie': await send('Cookie: session=' + bob),
    'a cookie beside a header': await send('Cookie: session=' + bob, 'Authorization: Bearer ' + alice),
    'a cookie that is no token': await send('Cookie: session=x'),
    'a header': await send('Authorization: Bearer ' + alice),
    'the same header twice': await send('Authorization: Bearer ' + alice, 'Authorization: Bearer ' + alice),
    'two headers': await send('Authorization: Bearer ' + alice, 'authorization: Bearer ' + bob),
    'two headers and a cookie': await send('Cookie: session=' + bob, 'Authorization: Bearer ' + alice, 'Authorization: Bearer ' + bob),
  }))
  server.close()
  await emulator.stop()
`

describe.each(expressVersions)('$name', ({ dependencies }) => {
  test('reads the token where the setups of others put it, and refuses two', async () => {
    const project = consumer({ dependencies, files: { 'index.mjs': program } })
    expect(JSON.parse(await project.run('node', ['index.mjs']))).toEqual({
      'a REST event': '200 Alice Adams',
      'a REST event of several values': '200 Alice Adams',
      'an HTTP event': '200 Alice Adams',
      'an event without a token': '401 token_missing challenge',
      'an event with two tokens': '400 not_one_token challenge',
      'a mock': 'admitted Alice Adams',
      'a mock without a token': '401 token_missing challenge',
      'a cookie': '200 Bob Brown',
      'a cookie beside a header': '200 Bob Brown',
      'a cookie that is no token': '401 not_a_jwt challenge',
      'a header': '200 Alice Adams',
      'the same header twice': '400 several_fields challenge',
      'two headers': '400 several_fields challenge',
      'two headers and a cookie': '400 several_fields challenge',
    })
  })
})
