// Who follows a signal: each is told once, whoever else follows or has stopped, and the signal has one listener.
import { getEventListeners } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { onAbort } from '../../src/kernel/on-abort.ts'

const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length

describe('a signal that is followed', () => {
  it('tells everybody who follows, and has one listener for all', () => {
    const controller = new AbortController()
    const ends = [vi.fn(), vi.fn(), vi.fn()]
    for (const end of ends) onAbort(controller.signal, end)
    expect(listeners(controller.signal)).toBe(1)
    controller.abort()
    for (const end of ends) expect(end).toHaveBeenCalledOnce()
  })

  it('tells nobody who has stopped, and goes on to tell the others', () => {
    const controller = new AbortController()
    const [first, second] = [vi.fn(), vi.fn()]
    const stop = onAbort(controller.signal, first)
    onAbort(controller.signal, second)
    stop()
    stop()
    expect(listeners(controller.signal)).toBe(1)
    controller.abort()
    expect(first).not.toHaveBeenCalled()
    expect(second).toHaveBeenCalledOnce()
  })

  it('is let go of by the last, and may be followed again', () => {
    const controller = new AbortController()
    const stops = [vi.fn(), vi.fn()].map((end) => onAbort(controller.signal, end))
    for (const stop of stops) stop()
    expect(listeners(controller.signal)).toBe(0)
    const late = vi.fn()
    onAbort(controller.signal, late)
    for (const stop of stops) stop() // once more: it is not theirs any longer
    expect(listeners(controller.signal)).toBe(1)
    controller.abort()
    expect(late).toHaveBeenCalledOnce()
  })
})
