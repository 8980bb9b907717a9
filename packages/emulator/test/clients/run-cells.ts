// Every cell of a client is a test: the flow runs, or the client has nothing that is named like it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isAbsent, runOf, type Client } from './client.ts'
import { flowNames, flows, type Flow } from './flows.ts'
import { createWorld, type World } from './world.ts'

export function describeClient(client: Client): void {
  describe(client.name, () => {
    let world: World
    beforeAll(async () => {
      world = await createWorld()
    })
    afterAll(async () => {
      await client.stop?.()
      await world.stop()
    })

    for (const name of flowNames) {
      const flow: Flow = flows[name]
      const cell = client.cells[name]
      if (isAbsent(cell))
        it(`has no ${flow.title}: ${cell.because}`, async () => {
          const names = await client.names()
          expect(names.length).toBeGreaterThan(0)
          expect(names.filter((each) => cell.lacks.test(each))).toEqual([])
        })
      else
        it(`runs ${flow.title}`, async () => {
          const since = world.emulator.requests.list().at(-1)?.sequence ?? 0
          const held = await runOf(cell)(world)
          const holds = typeof cell === 'object' ? (cell.holds ?? flow.holds) : flow.holds
          expect(held).toMatchObject(holds)
          const requests = world.emulator.requests.list({ since }).filter(({ error }) => error === undefined)
          expect(requests).toContainEqual(expect.objectContaining(seen(flow)))
        })
    }
  })
}

function seen({ seen: { parameters, ...rest } }: Flow): object {
  return parameters === undefined
    ? rest
    : { ...rest, parameters: expect.objectContaining(parameters) as object }
}
