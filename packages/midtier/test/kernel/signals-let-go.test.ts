// A signal may outlive what was done under it by far: whatever listens to it lets go of it once that is over.
import { getEventListeners } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authorityFetch } from '../../src/kernel/http/authority-fetch.node.ts'
import { sendHttp } from '../../src/kernel/http/http.ts'
import { SingleFlight } from '../../src/kernel/single-flight.ts'
import { systemSleep } from '../../src/kernel/time/sleep.ts'
import { untilAborted } from '../../src/kernel/until-aborted.ts'

const server = createServer((request, response) => {
  if (request.url === '/good') response.end('{}')
  else response.destroy()
})
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)))
afterAll(() => {
  server.close()
  server.closeAllConnections()
})

function send(signal: AbortSignal, isGood: boolean): Promise<unknown> {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${isGood ? 'good' : 'bad'}`
  const limits = { timeoutMs: 60_000, maxResponseBytes: 100 }
  return sendHttp(authorityFetch, { method: 'GET', url, headers: {}, signal, ...limits })
}
const work = (isGood: boolean): Promise<unknown> =>
  isGood ? Promise.resolve('done') : Promise.reject(new Error('failed'))

const underSignals: Readonly<Record<string, (signal: AbortSignal, isGood: boolean) => Promise<unknown>>> = {
  'a request to an authority': send,
  'a single flight': (signal, isGood) => new SingleFlight().run('', () => work(isGood), signal),
  'work that is waited for': (signal, isGood) => untilAborted(signal, work(isGood)),
  'a pause': (signal) => systemSleep(0, signal),
}

it('work is not waited for under a signal that was aborted before', async () => {
  const signal = AbortSignal.abort(new Error('too late'))
  await expect(untilAborted(signal, new Promise(() => undefined))).rejects.toThrow('too late')
})

describe.each(Object.entries(underSignals))('%s', (_, begin) => {
  it.each([true, false])('lets go of its signal when it is over, well: %s', async (isGood) => {
    const { signal } = new AbortController()
    const outcome = begin(signal, isGood).catch(() => undefined)
    expect(getEventListeners(signal, 'abort').length).toBeGreaterThan(0)
    await outcome
    await new Promise((resolve) => setImmediate(resolve))
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})
