// Many listeners and one subscription below them.
import { describe, expect, it } from 'vitest'
import { shareSubscription } from '../../src/token-cache/share-subscription.ts'

function createShared() {
  const opened: { hear: (message: string) => void; begun: () => void; closed: boolean; open: () => void }[] =
    []
  const subscribe = shareSubscription((hear, begun = () => undefined) => {
    let markReady: () => void = () => undefined
    const ready = new Promise<void>((resolve) => (markReady = resolve))
    const own = {
      hear,
      begun,
      closed: false,
      open: () => {
        begun()
        markReady()
      },
    }
    opened.push(own)
    return { ready, close: () => void (own.closed = true) }
  })
  const listen = (name: string, heard: string[]) =>
    subscribe(
      (message) => heard.push(`${name}: ${message}`),
      () => heard.push(`${name} began`),
    )
  return { opened, listen }
}

describe('a shared subscription', () => {
  it('is one, tells all, and is closed after the last', async () => {
    const { opened, listen } = createShared()
    const heard: string[] = []
    const [one, two] = [listen('one', heard), listen('two', heard)]
    opened[0]!.open()
    await Promise.all([one.ready, two.ready])
    opened[0]!.hear('hello')
    await one.close()
    await one.close()
    opened[0]!.hear('still')
    expect(opened[0]!.closed).toBe(false)
    await two.close()
    opened[0]!.hear('gone')
    expect([opened.length, opened[0]!.closed]).toEqual([1, true])
    expect(heard).toEqual(['one began', 'two began', 'one: hello', 'two: hello', 'two: still'])
  })

  it('tells who comes later at once that messages arrive, and everybody when they arrive anew', () => {
    const { opened, listen } = createShared()
    const heard: string[] = []
    listen('one', heard)
    opened[0]!.open()
    listen('two', heard)
    opened[0]!.begun()
    expect(heard).toEqual(['one began', 'two began', 'one began', 'two began'])
  })

  it('is opened again for whoever comes after the last has gone', async () => {
    const { opened, listen } = createShared()
    const heard: string[] = []
    await listen('one', heard).close()
    listen('two', heard)
    opened[0]!.begun()
    opened[0]!.hear('from the old one')
    opened[1]!.open()
    expect([heard, opened.length]).toEqual([['two began'], 2])
  })

  it('is ready for nobody who has gone, and yet nobody waits for ever', async () => {
    const { listen } = createShared()
    const one = listen('one', [])
    listen('two', [])
    await one.close()
    await expect(one.ready).resolves.toBeUndefined()
  })
})

/** Also whatever was rejected and nobody heard of would be known by then, and fail the test. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a subscription that throws', () => {
  function createFailing(isRetried: boolean) {
    const world = {
      fails: true,
      isReady: true,
      opened: 0,
      closed: 0,
      told: [] as unknown[],
      due: [] as (() => void)[],
    }
    const retrying = {
      pauseMs: 1,
      failed: (error: unknown) => world.told.push(error),
      later: (_durationMs: number, work: () => void) => {
        world.due.push(work)
        return () => void world.due.splice(world.due.indexOf(work), 1)
      },
    }
    const subscribe = shareSubscription(
      (_hear, begun = () => undefined) => {
        if (world.fails) throw new Error('no listener')
        world.opened += 1
        begun()
        const ready = world.isReady ? Promise.resolve() : Promise.reject(new Error('not ready'))
        return { ready, close: () => void (world.closed += 1) }
      },
      isRetried ? retrying : undefined,
    )
    return { world, subscribe, tryAgain: () => world.due.shift()?.() }
  }

  it('is tried again until it succeeds, said once, and keeps nobody waiting', async () => {
    const { world, subscribe, tryAgain } = createFailing(true)
    const heard: string[] = []
    const one = subscribe(
      () => undefined,
      () => heard.push('one began'),
    )
    await one.ready
    tryAgain()
    tryAgain()
    world.fails = false
    expect([world.told.length, world.due.length, heard]).toEqual([1, 1, []])
    tryAgain()
    expect([world.opened, world.due.length, heard]).toEqual([1, 0, ['one began']])
    await one.close()
    expect(world.closed).toBe(1)
  })

  it('is tried again, too, when it is never ready', async () => {
    const { world, subscribe, tryAgain } = createFailing(true)
    const one = subscribe(() => undefined)
    Object.assign(world, { fails: false, isReady: false })
    tryAgain()
    await settled()
    expect([world.opened, world.due.length]).toEqual([1, 1])
    world.isReady = true
    tryAgain()
    await settled()
    expect([world.opened, world.due.length, world.told.length]).toEqual([2, 0, 1])
    await one.close()
  })

  it('is not tried again when nobody listens any more', async () => {
    const { world, subscribe } = createFailing(true)
    await subscribe(() => undefined).close()
    expect(world.due).toEqual([])
  })

  it('throws where nobody tries again, and the next listener does', () => {
    const { world, subscribe } = createFailing(false)
    expect(() => subscribe(() => undefined)).toThrow('no listener')
    world.fails = false
    subscribe(() => undefined)
    expect(world.opened).toBe(1)
  })
})
