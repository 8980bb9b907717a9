// How the starter deals with ports that are taken.
import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { findPorts } from '../../scenario/ports.ts'

const servers: Server[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
})

function occupy(port: number): Promise<void> {
  return new Promise((resolve) => {
    servers.push(createServer().listen(port, '127.0.0.1', () => resolve()))
  })
}

// Below the range that systems hand out for outgoing connections, which other tests make at the same time.
describe('findPorts', () => {
  it('takes the wanted ports when they are free', async () => {
    const wanted = { emulator: 21_000, todoApi: 21_010, middleTier: 21_020, client: 21_030 }
    expect(await findPorts(wanted, () => expect.unreachable())).toEqual(wanted)
  })

  it('takes the next free one and says so, and gives no port to two processes', async () => {
    await occupy(21_100)
    const said: string[] = []
    const found = await findPorts(
      { emulator: 21_100, todoApi: 21_101, middleTier: 21_103, client: 21_104 },
      (port, instead) => said.push(`${port} -> ${instead}`),
    )
    expect(found).toEqual({ emulator: 21_101, todoApi: 21_102, middleTier: 21_103, client: 21_104 })
    expect(said).toEqual(['21100 -> 21101', '21101 -> 21102'])
  })
})
