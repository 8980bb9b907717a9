// Messages between processes, and somebody who has captured one.
import { beforeEach, describe, expect, it } from 'vitest'
import { freshMessages } from '../../../src/acquire/shared/fresh-messages.ts'
import { HandClock } from '../scenario.ts'

let wire: Set<(message: string) => void>
let captured: string[]
beforeEach(() => {
  wire = new Set()
  captured = []
})

function createProcess(clock = new HandClock()) {
  const heard: string[] = []
  const reports: string[] = []
  const messages = freshMessages(
    {
      publish: (message) => {
        captured.push(message)
        for (const hear of wire) hear(message)
      },
      subscribe: (hear) => {
        wire.add(hear)
        return { ready: Promise.resolve(), close: () => void wire.delete(hear) }
      },
    },
    { clock, report: (why) => reports.push(why), deaf: () => undefined, later: () => () => undefined },
  )
  messages.subscribe((message) => heard.push(message))
  return { clock, heard, reports, publish: (text: string) => messages.publish(text) }
}

function sendAgain(message: string): void {
  for (const hear of wire) hear(message)
}

describe('a message', () => {
  it('is heard by every process but the one that sent it, once each time that it is sent', async () => {
    const [one, two, three] = [createProcess(), createProcess(), createProcess()]
    await one.publish('forget alice\nand more')
    await one.publish('forget alice\nand more')
    expect([one.heard, two.heard, three.heard]).toEqual([
      [],
      ['forget alice\nand more', 'forget alice\nand more'],
      ['forget alice\nand more', 'forget alice\nand more'],
    ])
  })

  it('that was captured is not heard again, however often it is sent, and that is reported', async () => {
    const [one, two] = [createProcess(), createProcess()]
    await one.publish('forget alice')
    for (let index = 0; index < 3; index += 1) sendAgain(captured[0]!)
    expect(two.heard).toEqual(['forget alice'])
    expect(two.reports).toHaveLength(3)
    expect(two.reports[0]).toContain('heard before')
  })

  it('is remembered until ten thousand others were heard', async () => {
    const [one, two] = [createProcess(), createProcess()]
    for (let count = 0; count < 10_000; count += 1) await one.publish(String(count))
    sendAgain(captured[0]!)
    expect(two.heard).toHaveLength(10_000)
    await one.publish('one more')
    sendAgain(captured[0]!)
    sendAgain(captured[2]!)
    expect(two.heard.slice(10_000)).toEqual(['one more', '0'])
  })

  it('that was captured is worth nothing to a process that begins later, once five minutes are over', async () => {
    const one = createProcess()
    await one.publish('forget alice')
    const late = createProcess()
    late.clock.advanceSeconds(301)
    sendAgain(captured[0]!)
    expect([late.heard, late.reports.length]).toEqual([[], 1])
  })

  it('is heard by a process whose clock differs by minutes, and reported by one whose clock differs by more', async () => {
    const one = createProcess()
    const behind = createProcess()
    const far = createProcess()
    behind.clock.advanceSeconds(-290)
    far.clock.advanceSeconds(-310)
    await one.publish('forget alice')
    expect([behind.heard, far.heard]).toEqual([['forget alice'], []])
    expect(far.reports[0]).toContain('clocks of two processes differ')
  })

  it.each([
    [-300_001, 0],
    [-300_000, 1],
    [300_000, 1],
    [300_001, 0],
  ])('that is heard by a clock that shows %d ms more is heard %d times', async (differenceMs, times) => {
    const [one, two] = [createProcess(), createProcess()]
    two.clock.ms += differenceMs
    await one.publish('forget alice')
    expect([two.heard.length, two.reports.length]).toEqual([times, 1 - times])
  })

  it('is remembered while 10 000 others are heard, and after a clock was set back', async () => {
    const [one, two] = [createProcess(), createProcess()]
    await one.publish('forget alice')
    for (let index = 0; index < 9_999; index += 1) await one.publish(String(index))
    two.clock.advanceSeconds(-60)
    sendAgain(captured[0]!)
    expect(two.heard.filter((text) => text === 'forget alice')).toHaveLength(1)
  })

  it.each(['', 'forget/2 x', '2 a', '3 a 1 1800000000000 x', '2 a 1 NaN x', '2 a/b 1 1800000000000 x'])(
    'of another form is none: %j',
    (message) => {
      const one = createProcess()
      sendAgain(message)
      expect([one.heard, one.reports]).toEqual([[], []])
    },
  )
})
