// What pages of other origins get of the emulator: nothing under a name of their own, and to read only as a registered application.
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkHost } from '../../src/http/check-host.ts'
import type { EmulatorEnv } from '../../src/http/exchange.ts'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { routes } from '../../src/server/server.ts'
import { contoso, middleTier, webClient } from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())

const portOf = ({ origin }: Pick<Emulator, 'origin'>): number => Number(new URL(origin).port)

/** An address of a route: `:name`, `:name?`, `:name{items\\(.+\\)}` and `*` have values. */
const addressOf = (path: string): string =>
  path
    .replaceAll(/:\w+\{([^}]+)\}/g, (_, pattern: string) => pattern.replace('.+', 'x').replaceAll('\\', ''))
    .replaceAll(/:\w+\??/g, contoso)
    .replace('*', 'x')

/** Asks as if the emulator's address had another name. */
async function ask(
  port: number,
  host: string,
  { method = 'GET', path = '/' } = {},
): Promise<{ status: number | undefined; text: string }> {
  const request = httpRequest({
    agent: false,
    host: '127.0.0.1',
    port,
    method,
    path,
    headers: { host },
  }).end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.setEncoding('utf8')
  let text = ''
  for await (const chunk of response) text += chunk as string
  return { status: response.statusCode, text }
}

describe('a page whose name was rebound to this machine', () => {
  const addresses = routes.flatMap(([methods, path]) =>
    methods.split(' ').map((method) => [method, addressOf(path)] as const),
  )

  it('gets the same refusal at every address, known or not, and learns nothing', async () => {
    expect(addresses.length).toBeGreaterThan(50)
    expect(addresses).toContainEqual(['GET', '/v1.0/applications(x)'])
    expect(addresses.filter(([, path]) => /[^\w./$()-]/.test(path))).toEqual([])
    for (const [method, path] of [...addresses, ['GET', '/no-such-page'], ['DELETE', '/']] as const) {
      const answer = await ask(portOf(emulator), 'evil.example', { method, path })
      expect({ method, path, status: answer.status }).toEqual({ method, path, status: 403 })
      expect(answer.text).toMatch(/^\{"error":"this host is not the emulator's: use localhost, /)
    }
  })

  it.each([
    'evil.example:3000',
    'localhost.evil.example',
    '127.0.0.1.nip.example',
    '127.0.0.2',
    'login.localhost',
  ])('is refused as %j', async (host) => {
    expect((await ask(portOf(emulator), host)).status).toBe(403)
  })

  it.each(['evil.example@localhost', 'localhost:x', 'localhost/evil'])(
    'is refused as %j, which is no host at all',
    async (host) => {
      expect((await ask(portOf(emulator), host)).status).toBe(400)
    },
  )

  it.each(['localhost', 'LOCALHOST:1', '127.0.0.1', '127.0.0.1:8444', '[::1]:8444'])(
    'is not mistaken for %s',
    async (host) => {
      expect((await ask(portOf(emulator), host)).status).toBe(200)
    },
  )
})

describe('behind a proxy', () => {
  it.each([
    ['login.example', 200],
    ['LOGIN.example', 200],
    ['localhost', 200],
    ['login.example.evil.example', 403],
    ['login.example:8443', 403],
  ])('the public host and this machine are accepted, and no other: %s is a %d', async (host, status) => {
    const issuer = 'https://login.example'
    const server = new Hono<EmulatorEnv>()
    server.use(checkHost({ issuer, http: 'http://localhost:1', https: undefined, isFixed: true }))
    server.get('/', (c) => c.text('here'))
    expect((await server.request('/', { headers: { host } })).status).toBe(status)
  })
})

describe('a form of our own pages', () => {
  it.each<[string, Record<string, string>, number]>([
    ['of a program', {}, 303],
    ['of our own page', { origin: 'OUR' }, 303],
    // Our pages send no referrer, so that browsers hide their origin.
    ['of our own page, in a browser', { origin: 'null', 'sec-fetch-site': 'same-origin' }, 303],
    ['of a page that hides its origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }, 403],
    ['of a page that hides its origin, in an old browser', { origin: 'null' }, 403],
    ['of another page', { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }, 403],
  ])('is taken, or not, %s', async (_, headers, status) => {
    const page = await fetch(`${emulator.origin}/portal/clock`)
    const [, form = ''] = /name="form" value="([^"]+)"/.exec(await page.text()) ?? []
    const cookie = page.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const { origin } = headers
    const answer = await fetch(`${emulator.origin}/portal/clock`, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...headers, cookie, ...(origin === 'OUR' && { origin: emulator.origin }) },
      body: new URLSearchParams({ form, do: 'reset' }),
    })
    expect(answer.status).toBe(status)
  })
})

describe('what happened, and who is in the directory', () => {
  it('is told without secrets: of credentials how many there are', async () => {
    const { applications } = (await (await read('directory')).json()) as {
      applications: readonly { readonly id: string; readonly credentials: object }[]
    }
    const of = (id: string): object | undefined => applications.find((each) => each.id === id)?.credentials
    expect(of(middleTier)).toEqual({ secrets: 1, certificates: 0, federatedCredentials: 1 })
    expect(of(webClient)).toEqual({ secrets: 0, certificates: 0, federatedCredentials: 0 })
  })

  const readable = ['requests', 'directory', 'policies', 'consents', 'faults']

  async function read(path: string, origin?: string): Promise<Response> {
    const headers = origin === undefined ? {} : { origin }
    return fetch(`${emulator.origin}/_emulator/${path}`, { headers })
  }

  it.each(readable)(
    '%s is read by programs, by our own pages and by those of registered SPAs',
    async (path) => {
      const byProgram = await read(path)
      expect(byProgram.status).toBe(200)
      expect(byProgram.headers.get('access-control-allow-origin')).toBeNull()
      for (const origin of [emulator.origin, 'http://localhost:3000']) {
        const answer = await read(path, origin)
        expect(answer.status).toBe(200)
        expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
        expect(answer.headers.get('vary')).toContain('Origin')
        expect(answer.headers.get('cache-control')).toBe('no-store')
        expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      }
    },
  )

  it.each(readable)('%s is read by no other page', async (path) => {
    for (const origin of ['https://evil.example', 'null', 'http://localhost.evil.example:3000']) {
      const answer = await read(path, origin)
      expect(answer.status).toBe(403)
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      expect(Object.keys((await answer.json()) as object)).toEqual(['error'])
    }
  })
})
