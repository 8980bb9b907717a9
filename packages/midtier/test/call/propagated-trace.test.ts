// A downstream request has one `traceparent`: that of an instrumentation of `fetch` where one listens, else ours. And it says why none answered.
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemSleep } from '../../src/kernel/time/sleep.ts'
import { callApi, failureOf, type CalledApi } from './called-api.ts'

const created = 'undici:request:create'
const theirs = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`

/** As @opentelemetry/instrumentation-undici does it. */
const propagate = (message: unknown): void => {
  const { request } = message as { request: { addHeader(name: string, value: string): void } }
  request.addHeader('traceparent', theirs)
}

let server: Server
let url: string
let received: string[]

beforeEach(async () => {
  received = []
  server = createServer(({ rawHeaders }, response) => {
    received = rawHeaders.filter((_, index) => rawHeaders[index - 1]?.toLowerCase() === 'traceparent')
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterEach(() => {
  unsubscribe(created, propagate)
  server.closeAllConnections()
  server.close()
})

const overHttp = (): CalledApi =>
  callApi([], { baseUrl: new URL(url) }, { fetch: globalThis.fetch, sleep: systemSleep })

describe('the traceparent of a downstream request', () => {
  it('is ours where nobody listens', async () => {
    await overHttp().api.getJson('todos')
    expect(received).toEqual([expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)])
  })

  it('is that of an instrumentation alone, from the first call after it listens', async () => {
    const { api } = overHttp()
    await api.getJson('todos')
    subscribe(created, propagate)
    await api.getJson('todos')
    expect(received).toEqual([theirs])
  })
})

describe('an API that cannot be reached', () => {
  it('is told with the code of what happened', async () => {
    await new Promise((resolve) => server.close(resolve))
    const error = await failureOf(overHttp().api.getJson('todos'))
    expect((error as Error).message).toMatch(/did not answer \(ECONNREFUSED\)$/)
  })

  it('is told without one where the platform gives none', async () => {
    const { api } = callApi([() => Promise.reject(new TypeError('fetch failed'))])
    expect(((await failureOf(api.getJson('todos'))) as Error).message).toMatch(/did not answer$/)
  })
})
