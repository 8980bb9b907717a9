// A sign-in by a code asks an authority that may be anybody's: it follows nobody elsewhere, and reads no more than an answer is long.
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { signIn } from '../../src/bin/sign-in.ts'

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

const ask = (instance: string): Promise<string> =>
  signIn(
    {
      tenantId: 'c0000000-0000-4000-8000-000000000001',
      clientId: 'a0000000-0000-4000-8000-000000000002',
      instance,
    },
    'a0000000-0000-4000-8000-000000000001',
    [],
    () => undefined,
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
