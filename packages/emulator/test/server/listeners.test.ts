// The listeners themselves: what waits for the application, and what is answered when it fails or cannot be asked.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PortInUseError } from '../../src/index.ts'
import { openHttp, type OpenListener } from '../../src/server/listeners.ts'
import type { EmulatorServer } from '../../src/server/server.ts'

let listener: OpenListener
beforeEach(async () => {
  listener = await openHttp(0)
})
afterEach(() => listener.close())

const ask = (): Promise<Response> => fetch(`http://127.0.0.1:${String(listener.port)}/`)
const serve = (answer: () => Promise<Response>): void =>
  listener.serve({ fetch: answer } as unknown as EmulatorServer)

describe('a listener', () => {
  it('lets what came before the application wait for it', async () => {
    const early = ask()
    serve(() => Promise.resolve(new Response('here')))
    expect(await (await early).text()).toBe('here')
  })

  it('answers 500 without a word when the application fails, whatever it fails with', async () => {
    serve(() => Promise.reject(new Error('a secret')))
    const { status } = await ask()
    expect(status).toBe(500)
    expect(await (await ask()).text()).toBe('')
  })

  it('says which option names a port that somebody has', async () => {
    const second = openHttp(listener.port)
    await expect(second).rejects.toThrow(PortInUseError)
    await expect(second).rejects.toThrow(/^port: /)
  })

  it('tells the application which listener it is', async () => {
    let told: unknown
    listener.serve({
      fetch: (_request: Request, env: { listener: string }) => {
        told = env.listener
        return Promise.resolve(new Response())
      },
    } as unknown as EmulatorServer)
    await ask()
    expect(told).toBe('http')
  })
})
