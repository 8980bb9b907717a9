// Who may ask at all: the same host, by a local name, with what fits; and everything else is a clear refusal and never a 500.
import { once } from 'node:events'
import { createServer, request as ask, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLoopback } from '../src/http/gate.ts'
import { startSidecar } from '../src/index.ts'
import { answerMalformed } from '../src/server/handle.ts'
import { middleTierVariables, type Scenario, startScenario } from './scenario.ts'

let scenario: Scenario
beforeAll(async () => {
  scenario = await startScenario({
    Sidecar__MaxRequestBodyBytes: '1000',
    Sidecar__AllowedHosts__0: 'sidecar.internal',
  })
})
afterAll(() => scenario.stop())

interface Got {
  readonly status: number
  readonly type: string | undefined
  readonly body: string
}

/** Asks with any header, `Host` included, which fetch does not let through. */
function askRaw(
  url: string,
  headers: Record<string, string>,
  more: { socketPath?: string } = {},
): Promise<Got> {
  return new Promise((resolve, reject) => {
    ask(url, { headers, ...more }, (response: IncomingMessage) => {
      let body = ''
      response.setEncoding('utf8').on('data', (piece: string) => (body += piece))
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'], body })
      })
    })
      .on('error', reject)
      .end()
  })
}

/** Sends bytes as they are, and gives all that comes back. */
function send(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let got = ''
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    socket.setEncoding('utf8').on('data', (piece: string) => (got += piece))
    socket.on('close', () => resolve(got)).on('error', reject)
  })
}

describe('the loopback rule', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1'])(
    'lets %s in',
    (address) => {
      expect(isLoopback(address)).toBe(true)
    },
  )

  it.each(['10.0.0.1', '::ffff:10.0.0.1', '128.0.0.1', '127.0.0.1.evil', '::2', '', undefined])(
    'keeps %s out',
    (address) => {
      expect(isLoopback(address)).toBe(false)
    },
  )
})

const foreign = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address

describe('a caller of another address', () => {
  // A machine without a network has no other address to come from; the rule itself is tested above.
  it.runIf(foreign !== undefined)('gets 403 everywhere but at /healthz', async () => {
    const sidecar = await startSidecar({
      environment: {
        ...middleTierVariables(scenario.emulator, scenario.todo.url),
        ASPNETCORE_URLS: 'http://127.0.0.1:0;http://+:0',
      },
      folder: tmpdir(),
      write: () => undefined,
    })
    const url = `http://${foreign ?? ''}:${new URL(sidecar.urls[1] ?? '').port}`
    for (const path of [
      '/Validate',
      '/readyz',
      '/openapi/v1.json',
      '/AuthorizationHeaderUnauthenticated/todo',
      '/nothing',
    ])
      expect((await askRaw(url + path, { host: 'localhost' })).status, path).toBe(403)
    expect((await askRaw(`${url}/healthz`, {})).body).toBe('Healthy')
    expect((await askRaw(`${url}/healthz/ready`, {})).status).not.toBe(403)
    await sidecar.stop()
  })
})

describe('the Host of a request', () => {
  it.each([
    'localhost',
    'localhost:99',
    '127.0.0.1',
    '[::1]:8080',
    'LOCALHOST',
    'sidecar.internal',
    'sidecar.internal:80',
  ])('may be %s', async (host) => {
    expect((await askRaw(`${scenario.url}/openapi/v1.json`, { host })).status).toBe(200)
  })

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    'evil.example:8080',
    '@localhost',
  ])('may not be %s', async (host) => {
    const { status, type } = await askRaw(`${scenario.url}/AuthorizationHeaderUnauthenticated/todo`, { host })
    expect(status).toBe(400)
    expect(type).toBe('application/problem+json')
  })

  it('is no matter to a probe', async () => {
    expect((await askRaw(`${scenario.url}/healthz`, { host: 'evil.example' })).status).toBe(200)
  })

  it.each([
    ['https://evil.example', 403],
    ['null', 403],
    ['http://localhost:3000', 200],
  ])('with a page of %s behind it is answered %i', async (origin, status) => {
    expect((await askRaw(`${scenario.url}/openapi/v1.json`, { origin })).status).toBe(status)
  })

  // An image, a link, a form: a GET of theirs has no Origin.
  it.each([
    ['cross-site', 403],
    ['same-site', 200],
    ['same-origin', 200],
    ['none', 200],
  ])('with a request that a browser calls %s is answered %i', async (site, status) => {
    const headers = { 'sec-fetch-site': site }
    const path = '/DownstreamApiUnauthenticated/todo'
    expect((await askRaw(scenario.url + path, headers)).status).toBe(status)
  })

  it('with a page of another local name is answered', async () => {
    const headers = { origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'cross-site' }
    expect((await askRaw(`${scenario.url}/openapi/v1.json`, headers)).status).toBe(200)
  })
})

describe('what does not fit', () => {
  const post = async (body: BodyInit, headers: Record<string, string> = {}): Promise<Response> =>
    scenario.ask('/DownstreamApi/todo', { method: 'POST', body, headers })

  it('is a body over the limit, said or not', async () => {
    expect((await post('x'.repeat(1001))).status).toBe(413)
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array(600))
        controller.enqueue(new Uint8Array(600))
        controller.close()
      },
    })
    const init = { method: 'POST', body: stream, duplex: 'half' } as RequestInit
    expect((await scenario.ask('/DownstreamApi/todo', init)).status).toBe(413)
    expect((await post('x'.repeat(1000))).status).toBe(200)
  })

  it.each([
    [
      'headers over the limit',
      `GET /Validate HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`,
      431,
    ],
    ['what is no HTTP', 'HELLO\r\n\r\n', 400],
    ['no Host', 'GET /Validate HTTP/1.1\r\n\r\n', 400],
    ['two Hosts', 'GET /Validate HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n', 400],
    ['two Hosts at a probe', 'GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
    [
      'an absolute target',
      'GET http://evil.example/Validate HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      400,
    ],
    [
      'two lengths',
      'POST /DownstreamApi/todo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      400,
    ],
    [
      'a method of another protocol',
      'TRACE /Validate HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      405,
    ],
  ])('is %s', async (_, bytes, status) => {
    expect(await send(scenario.url, bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  })

  it('leaves the sidecar as it was', async () => {
    expect((await scenario.ask('/Validate')).status).toBe(200)
    expect(scenario.log.join('')).not.toContain('unexpected')
  })
})

describe('a client that is too slow and never closes its half', () => {
  it('is let go after its answer', async () => {
    const server = createServer({ headersTimeout: 50, connectionsCheckingInterval: 20 })
    server.on('clientError', answerMalformed).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const connected = once(server, 'connection')
    const { port } = server.address() as AddressInfo
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true }, () => socket.write('GET /'))
    const [[ours], [piece]] = (await Promise.all([connected, once(socket, 'data')])) as [[Socket], [Buffer]]
    expect(piece.toString()).toMatch(/^HTTP\/1.1 408 /)
    await once(ours, 'close')
    socket.destroy()
    server.close()
  })
})

describe('a Unix socket', () => {
  it('serves whoever can reach it, and a dead one is taken over', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'midtier-socket-'))
    const socketPath = join(folder, 'sidecar.sock')
    const start = () =>
      startSidecar({
        environment: {
          ...middleTierVariables(scenario.emulator, scenario.todo.url),
          ASPNETCORE_URLS: `http://unix:${socketPath}`,
        },
        folder,
        write: () => undefined,
      })
    const sidecar = await start()
    expect(sidecar.urls).toEqual([`http://unix:${socketPath}`])
    await expect(start()).rejects.toThrow('another process')
    const authorization = `Bearer ${await scenario.token()}`
    const got = await askRaw('http://anything/Validate', { authorization }, { socketPath })
    expect(got.status).toBe(200)
    await sidecar.stop()
    rmSync(folder, { recursive: true, force: true })
  })
})
