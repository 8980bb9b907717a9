// What survives the redirects of a sign-in, and what must not.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keepFlow, takeFlow, type KeptFlow } from '../../client/page/kept-flow.ts'

const need = { kind: 'consent' } as const
const token = { claims: { aud: 'middle' }, raw: 'the token itself', fromCache: true, durationMs: 0 }
const flow: KeptFlow = {
  action: { kind: 'add', title: 'Later' },
  need,
  asked: [],
  chapters: [
    {
      kind: 'call',
      call: {
        api: 'middleTier',
        traceId: 't',
        spanId: 's',
        method: 'POST',
        path: '/',
        number: 1,
        status: 403,
        startedAtMs: 0,
        durationMs: 1,
        token,
      },
    },
    { kind: 'sign-in', need, api: 'middleTier', correlationId: 'c' },
  ],
}

const kept = new Map<string, string>()
beforeEach(() => {
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  kept.clear()
})

describe('a flow that a sign-in interrupts', () => {
  it('is found again once, with what happened so far', () => {
    keepFlow(flow)
    expect(takeFlow()).toMatchObject({
      action: flow.action,
      need,
      chapters: [{ kind: 'call' }, { kind: 'sign-in' }],
    })
    expect(takeFlow()).toBeUndefined()
  })

  it('leaves the token behind, and keeps its claims', () => {
    keepFlow(flow)
    expect([...kept.values()].join()).not.toContain('the token itself')
    expect(takeFlow()?.chapters[0]).toMatchObject({ call: { token: { claims: { aud: 'middle' } } } })
  })

  it('is dropped when nobody expects it any more', () => {
    keepFlow(flow, 0)
    expect(takeFlow(10 * 60_000)).toBeUndefined()
  })
})
