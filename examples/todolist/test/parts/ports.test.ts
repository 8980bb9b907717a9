// How the starter deals with ports that are taken, before it starts and while it does.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { findPorts, isPortFree } from '../../scenario/ports.ts'
import { startTogether, type ServerProgram } from '../../scenario/start-together.ts'
import { wantedPorts } from '../wanted-ports.ts'

const cleanUp: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step()
})

/** Listens on a port, by default on any that is free. */
async function occupy(port = 0): Promise<number> {
  const server = createServer((_request, response) => response.end('stranger'))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  cleanUp.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()))
  return (server.address() as AddressInfo).port
}

const among =
  (...taken: readonly number[]) =>
  (port: number): Promise<boolean> =>
    Promise.resolve(!taken.includes(port))

describe('findPorts', () => {
  it('takes the wanted ports when they are free', async () => {
    const wanted = { emulator: 8484, todoApi: 5002, middleTier: 5001, client: 3000 }
    const options = { isFree: among(), onTaken: () => expect.unreachable() }
    expect(await findPorts(wanted, options)).toEqual(wanted)
  })

  it('takes the next free one and says so, and gives no port to two processes', async () => {
    const said: string[] = []
    const found = await findPorts(
      { emulator: 100, todoApi: 101, middleTier: 103, client: 104 },
      { isFree: among(100), onTaken: (port, instead) => said.push(`${port} -> ${instead}`) },
    )
    expect(found).toEqual({ emulator: 101, todoApi: 102, middleTier: 103, client: 104 })
    expect(said).toEqual(['100 -> 101', '101 -> 102'])
  })

  it('gives up after fifty, and at the end of all ports', async () => {
    const none = { isFree: () => Promise.resolve(false) }
    await expect(findPorts({ client: 3000 }, none)).rejects.toThrow('from 3000 to 3049 are all taken')
    await expect(findPorts({ client: 65_530 }, none)).rejects.toThrow('from 65530 to 65535 are all taken')
  })

  it('notices who really listens', async () => {
    const taken = await occupy()
    const { client } = await findPorts({ client: taken })
    expect(client).toBeGreaterThan(taken)
  })
})

/** A program that answers everything with its name, and says where it listens. */
const serverProgram = `
import { createServer } from 'node:http'
const [port, name] = process.argv.slice(2)
createServer((request, response) => response.end(name))
  .listen(Number(port), '127.0.0.1', () => console.log('http://localhost:' + port))
  .on('error', () => process.exit(1))`

describe('startTogether', () => {
  it('moves on when a port is lost after it was found free, and takes no answer of who has it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'todolist-'))
    cleanUp.push(() => rm(directory, { recursive: true, force: true }))
    const entry = join(directory, 'server.mjs')
    await writeFile(entry, serverProgram)
    const stranger = await occupy()
    const looks: number[] = []
    const describe = (title: string, port: number): ServerProgram => ({
      title,
      healthPath: '/',
      entry,
      arguments: [String(port), title],
    })
    const { urls, stop } = await startTogether<'one' | 'two'>({
      wanted: { one: wantedPorts().todoApi, two: stranger },
      build: ({ one, two }) => ({ one: describe('one', one), two: describe('two', two) }),
      // The stranger came between the first look and the listening.
      isFree: (port) => (looks.push(port), looks.length <= 2 ? Promise.resolve(true) : isPortFree(port)),
      firstPauseMs: 10,
    })
    cleanUp.push(stop)
    expect(urls.two).not.toBe(`http://localhost:${stranger}`)
    for (const name of ['one', 'two'] as const) expect(await (await fetch(urls[name])).text()).toBe(name)
  })
})
