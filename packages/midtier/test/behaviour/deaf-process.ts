// A process that cannot hear for a while, and another one that forgets somebody meanwhile: the same for every store with messages.
import { expect } from 'vitest'
import { createScenario, createCaller, HandClock } from '../acquire/scenario.ts'
import { createStubAuthority } from '../grants/stub-authority.ts'
import { sealed } from '../../src/token-cache/sealed.ts'
import type { TokenStore } from '../../src/token-cache/store.ts'
import { keyRing } from '../stores/conformance.ts'
import { untilDone } from '../stores/free-port.ts'
import type { TcpProxy } from '../stores/tcp-proxy.ts'

/** What is tried. */
export interface Deafness {
  /** The store of the process that stays connected. */
  readonly near: TokenStore
  /** The store of the other one, by way of the proxy. */
  readonly far: TokenStore
  readonly proxy: TcpProxy
  /** What is sent over the connection that listens. */
  readonly listens: string
}

/**
 * Makes one process deaf, forgets an account in the other, and waits until the first one has forgotten it too.
 *
 * @param deafen Makes it deaf; what it misses is not sent again.
 */
export async function expectForgottenAfter(
  { near, far, proxy, listens }: Deafness,
  deafen: (proxy: TcpProxy) => void,
): Promise<void> {
  const clock = new HandClock()
  clock.ms = Date.now()
  const authority = createStubAuthority()
  const process = (store: TokenStore) =>
    createScenario({ storeTimeoutMs: 10_000 }, { clock, l2: sealed(store, keyRing) }, authority)
  const [one, two] = [process(near), process(far)]
  const caller = createCaller(clock, crypto.randomUUID())
  try {
    await one.onBehalfOf(caller)
    await two.onBehalfOf(caller)
    expect((await two.silent(caller)).origin).toBe('l1')
    await untilDone(async () => expect(proxy.count(listens)).toBe(1)) // those of other tests are going

    deafen(proxy)
    await one.source.forget(one.requests.partition(caller.account!.id))
    await untilDone(async () => {
      await expect(two.silent(caller)).rejects.toMatchObject({ reason: 'no_token_cached' })
    })

    // And it hears again: what is forgotten now is forgotten by its message.
    await untilDone(async () => expect(proxy.count(listens)).toBe(1))
    await one.onBehalfOf(caller)
    await two.onBehalfOf(caller)
    await one.source.forget(one.requests.partition(caller.account!.id))
    await untilDone(async () => {
      await expect(two.silent(caller)).rejects.toMatchObject({ reason: 'no_token_cached' })
    })
  } finally {
    await one.source.close()
    await two.source.close()
  }
}

/** Waits until a quiet connection was pinged three times, and sees that it stayed. */
export async function expectLeftAlone(
  store: TokenStore,
  proxy: TcpProxy,
  { listens, ping }: { readonly listens: string; readonly ping: string },
): Promise<void> {
  const [before, pinged] = [proxy.everOpened(listens), proxy.timesSent(ping)]
  let begun = 0
  const subscription = store.subscribe?.(
    () => undefined,
    () => (begun += 1),
  )
  await untilDone(async () => expect(proxy.timesSent(ping)).toBeGreaterThanOrEqual(pinged + 3))
  expect([proxy.everOpened(listens) - before, begun]).toEqual([1, 1])
  await subscription?.close()
}
