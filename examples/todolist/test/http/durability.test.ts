// A crash of the To Do API under load: whatever was answered before it is there afterwards.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aliceForMiddleTier, startRunningApis, type RunningApis } from '../running-apis.ts'

let running: RunningApis
beforeAll(async () => {
  running = await startRunningApis()
})
afterAll(() => running.stop())

describe('the To Do API', () => {
  it('has every task that it answered before it was killed', async () => {
    const { middleTier, apis: processes } = running
    const authorization = `Bearer ${await running.emulator.mint(aliceForMiddleTier)}`
    const answered: string[] = []
    const victim = processes.pid('todoApi')
    const crash = (): void => {
      if (victim !== undefined && victim === processes.pid('todoApi')) process.kill(victim, 'SIGKILL')
    }
    const add = async (title: string): Promise<void> => {
      const response = await fetch(`${middleTier}/todolist`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ title }),
      })
      if (response.status === 201) answered.push(title)
      if (answered.length === 30) crash()
    }
    for (let round = 0; round < 10; round += 1)
      await Promise.all(Array.from({ length: 6 }, (_, index) => add(`task ${round}.${index}`)))
    await processes.untilHealthy('todoApi')
    const response = await fetch(`${middleTier}/todolist`, { headers: { authorization } })
    const kept = ((await response.json()) as readonly { readonly title: string }[]).map(({ title }) => title)

    expect(running.complaints).toContain('was ended by SIGKILL')
    expect(answered.length).toBeGreaterThanOrEqual(30)
    expect(kept).toEqual(expect.arrayContaining(answered))
  })
})
