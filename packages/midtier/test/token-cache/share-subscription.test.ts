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
