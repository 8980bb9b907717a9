// A sign-in by a code asks an authority that may be anybody's: it follows nobody elsewhere, and reads no more than an answer is long.
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { signIn } from '../../src/bin/sign-in.ts'
import { UsageError } from '../../src/bin/usage-error.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function start(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const ask = (instance: string, sleep?: Parameters<typeof signIn>[4]): Promise<string> =>
  signIn(
    {
      tenantId: 'c0000000-0000-4000-8000-000000000001',
      clientId: 'a0000000-0000-4000-8000-000000000002',
      instance,
    },
    'a0000000-0000-4000-8000-000000000001',
    [],
    () => undefined,
    sleep,
  )

it('takes nothing to another host that a redirect names', async () => {
  const asked: string[] = []
  const elsewhere = await start((request, response) => {
    asked.push(request.url ?? '')
    response.end('{}')
  })
  const authority = await start((_, response) =>
    response.writeHead(307, { location: `${elsewhere}/taken` }).end(),
  )
  await expect(ask(authority)).rejects.toThrow()
  expect(asked).toEqual([])
})

it('gives up an answer that does not end', async () => {
  const authority = await start((_, response) => {
    const more = (): void => {
      while (response.write(' '.repeat(65_536)));
      response.once('drain', more)
    }
    more()
  })
  await expect(ask(authority)).rejects.toThrow(/^127\.0\.0\.1:\d+: /)
})

describe('the authority is asked whether somebody has signed in', () => {
  interface Asked {
    /** Seconds that were waited before each question. */
    readonly waits: readonly number[]
    readonly outcome: unknown
  }

  /** An authority that answers the questions in this order, the last one for ever. */
  async function poll(interval: unknown, ...answers: readonly object[]): Promise<Asked> {
    let next = 0
    const authority = await start((request, response) => {
      const isBeginning = request.url?.endsWith('/devicecode') === true
      const begun = { device_code: 'code', message: 'open a page', interval }
      const answer = isBeginning ? begun : answers[Math.min(next++, answers.length - 1)]
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
    })
    const waits: number[] = []
    const outcome = await ask(authority, (ms) => (waits.push(ms / 1000), Promise.resolve())).catch(
      (error: unknown) => error,
    )
    return { waits, outcome }
  }

  const pending = { error: 'authorization_pending' }
  const signedIn = { access_token: 'token' }

  it('as often as it says, waiting first', async () => {
    expect(await poll(7, pending, pending, signedIn)).toEqual({ waits: [7, 7, 7], outcome: 'token' })
  })

  it.each([undefined, null, 0, -5, 0.5, '7'])(
    'every five seconds where it says nothing that can be meant: %j',
    async (interval) => {
      expect(await poll(interval, signedIn)).toEqual({ waits: [5], outcome: 'token' })
    },
  )

  it('once a minute at the least', async () => {
    expect(await poll(3_600, signedIn)).toEqual({ waits: [60], outcome: 'token' })
  })

  it('five seconds later each time that it asks to be asked less often (RFC 8628 §3.5)', async () => {
    const slower = { error: 'slow_down' }
    expect(await poll(1, slower, pending, slower, signedIn)).toEqual({
      waits: [1, 6, 6, 11],
      outcome: 'token',
    })
  })

  it.each([
    [5, 180],
    [60, 15],
  ])('for a quarter of an hour, every %i seconds', async (interval, times) => {
    const { waits, outcome } = await poll(interval, pending)
    expect(waits).toEqual(Array.from({ length: times }, () => interval))
    expect(outcome).toEqual(new UsageError('nobody has signed in: begin again with --sign-in'))
  })

  it('not once more when it refuses', async () => {
    const { waits, outcome } = await poll(5, pending, { error: 'expired_token' }, signedIn)
    expect(waits).toEqual([5, 5])
    expect(outcome).toEqual(new UsageError('the sign-in was refused: expired_token'))
  })
})
