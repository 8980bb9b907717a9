// Keys that change under load: announced, unannounced, withdrawn, and while strangers send made-up key ids.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import {
  createSigner,
  nowSeconds,
  segment,
  signToken,
  userClaims,
  v1Claims,
  type Signer,
} from '../jwt/token-builder.ts'
import { createGate, refusalOf, remember, type TestGate } from '../protect/gate.ts'
import { serveEntra } from './fake-authority.ts'

// Thousands of tokens are verified here; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 })

const signers = Array.from({ length: 6 }, (_, index) => createSigner(`generation-${index}`))
const stranger = createSigner('unpublished')

/** Valid for three days, as long as any test's clock runs. */
function tokenOf(signer: Signer, uti: string): string {
  return signToken({ claims: userClaims({ uti, exp: nowSeconds + 72 * 3600 }), signer })
}

/** A few users' tokens: signing is what costs time here. */
function tokensOf(signer: Signer): readonly string[] {
  return Array.from({ length: 20 }, (_, index) => tokenOf(signer, `user ${index}`))
}

/** What a stranger sends: nobody needs a key for it. */
function madeUp(index: number, claims = userClaims()): string {
  return [segment({ alg: 'RS256', kid: `made-up-${index}` }), segment(claims), segment('no signature')].join(
    '.',
  )
}

function createGateWith(...published: readonly Signer[]): TestGate {
  const gate = createGate()
  serveEntra(gate.authority, published)
  return gate
}

/** With keys at hand and without a memory for tokens: every one is verified anew. */
async function createFloodedGate(): Promise<TestGate> {
  const gate = createGate({ maxCachedTokens: 0 })
  serveEntra(gate.authority, [signers[0]!])
  await gate.validator.warmUp()
  gate.authority.requests.length = 0
  return gate
}

async function isAccepted({ validator }: TestGate, token: string): Promise<boolean> {
  return (await Promise.allSettled([(async () => validator.validate(token))()]))[0].status === 'fulfilled'
}

/** Whether a token is accepted by what this process has, without a turn of the event loop. */
async function isAtHand({ validator, authority }: TestGate, token: string): Promise<boolean> {
  authority.isFarAway = true
  let accepted = false
  Promise.resolve(validator.validate(token)).then(
    () => (accepted = true),
    () => undefined,
  )
  for (let step = 0; step < 20; step++) await Promise.resolve()
  return accepted
}

/** Lets what goes on behind the scenes come to its end. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await nextTurn()
}

describe('five rollovers at 200 requests a second', () => {
  it('refuse no valid request, and cost one request for keys each', async () => {
    const [first, ...others] = signers
    const gate = createGateWith(first!)
    const seconds = 50
    let current = first!
    let refused = 0
    for (const next of [undefined, ...others]) {
      if (next !== undefined) {
        serveEntra(gate.authority, [next, current])
        current = next
      }
      const tokens = [...tokensOf(current)]
      for (let second = 0; second < seconds; second++) {
        gate.clock.advanceSeconds(1)
        if (second % 10 === 0) tokens.push(tokenOf(current, `signed in at ${second}`))
        const requests = Array.from({ length: 200 }, (_, index) => tokens[index % tokens.length]!)
        const accepted = await Promise.all(requests.map((token) => isAccepted(gate, token)))
        refused += accepted.filter((each) => !each).length
      }
    }
    expect(refused).toBe(0)
    expect(gate.authority.count('keys')).toBe(6)
    expect(gate.authority.count('metadata')).toBe(1)
  })

  it('that were announced make nobody wait', async () => {
    const gate = createGateWith(signers[0]!)
    await gate.validator.warmUp()
    for (let round = 0; round < 5; round++) {
      const [current, next] = [signers[round]!, signers[round + 1]!]
      serveEntra(gate.authority, [current, next])
      gate.clock.advanceSeconds(12 * 3600)
      expect(await isAtHand(gate, tokenOf(current, `before ${round}`))).toBe(true)
      await settle()
      expect(await isAtHand(gate, tokenOf(next, `after ${round}`))).toBe(true)
    }
  })
})

describe('a second rollover within the cool-down', () => {
  it('is noticed when the cool-down ends and no later, and the keys at hand never wait for it', async () => {
    const [first, second, third] = signers
    const gate = createGateWith(first!)
    await gate.validator.warmUp()
    serveEntra(gate.authority, [first!, second!])
    expect(await isAccepted(gate, tokenOf(second!, 'first rollover'))).toBe(true)
    serveEntra(gate.authority, [second!, third!])
    let refusedSeconds = 0
    for (let elapsed = 0; elapsed < 60; elapsed++) {
      if (!(await isAccepted(gate, tokenOf(third!, `second rollover ${elapsed}`)))) refusedSeconds++
      expect(await isAtHand(gate, tokenOf(second!, `at hand ${elapsed}`))).toBe(true)
      gate.clock.advanceSeconds(1)
    }
    expect(refusedSeconds).toBe(30)
  })
})

describe('a thousand requests with made-up key ids', () => {
  const honest = tokensOf(signers[0]!)

  it('at 200 a second cost one request for keys, and honest users nothing', async () => {
    const gate = await createFloodedGate()
    let waits = 0
    for (let index = 0; index < 1_000; index++) {
      expect(await refusalOf(gate.validator, madeUp(index))).toMatchObject({
        reason: 'key_known',
        status: 401,
      })
      if (!(await isAtHand(gate, honest[index % honest.length]!))) waits++
      gate.clock.advanceSeconds(0.005)
    }
    expect(waits).toBe(0)
    expect(gate.authority.requests).toHaveLength(1)
  })

  it('over ten minutes cost one request for keys per cool-down', async () => {
    const gate = await createFloodedGate()
    for (let index = 0; index < 1_000; index++) {
      await refusalOf(gate.validator, madeUp(index))
      gate.clock.advanceSeconds(0.6)
    }
    expect(gate.authority.requests).toHaveLength(600 / 30)
  })

  it('all at once cost one request for keys', async () => {
    const gate = await createFloodedGate()
    const outcomes = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => isAccepted(gate, madeUp(index))),
    )
    expect(outcomes).not.toContain(true)
    expect(gate.authority.requests).toHaveLength(1)
  })

  it('spread over the issuers of both versions cost one request for keys each', async () => {
    const gate = await createFloodedGate()
    for (let index = 0; index < 1_000; index++)
      await refusalOf(gate.validator, madeUp(index, index % 2 === 0 ? userClaims() : v1Claims()))
    expect(gate.authority.requests).toHaveLength(2)
  })

  it('while the authority hangs keep no honest user waiting', async () => {
    const gate = await createFloodedGate()
    const { promise, resolve } = hanging()
    gate.authority.weather = () => promise
    const strangers = Array.from({ length: 1_000 }, (_, index) => isAccepted(gate, madeUp(index)))
    const waits = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => isAtHand(gate, honest[index % honest.length]!)),
    )
    resolve(new Response('', { status: 503 }))
    expect(await Promise.all(strangers)).not.toContain(true)
    expect(waits).not.toContain(false)
  })

  it('cannot hide a genuine rollover for longer than the cool-down', async () => {
    const gate = await createFloodedGate()
    await refusalOf(gate.validator, madeUp(0))
    serveEntra(gate.authority, [signers[1]!, signers[0]!])
    for (let index = 1; index <= 1_000; index++) {
      gate.clock.advanceSeconds(0.03)
      await isAccepted(gate, madeUp(index))
    }
    expect(await isAccepted(gate, tokenOf(signers[1]!, 'new key'))).toBe(true)
  })
})

describe('a key that the authority withdraws', () => {
  it('is honoured for the twelve hours until the next look, and by no remembered token after it', async () => {
    const gate = createGateWith(signers[0]!)
    const token = tokenOf(signers[0]!, 'remembered')
    await remember(gate, token)
    serveEntra(gate.authority, [signers[1]!])
    gate.clock.advanceSeconds(12 * 3600 - 1)
    expect(await isAtHand(gate, token)).toBe(true)
    gate.clock.advanceSeconds(1)
    expect(await isAtHand(gate, token)).toBe(true) // and looks behind the scenes
    await settle()
    expect(await refusalOf(gate.validator, token)).toMatchObject({ reason: 'key_known', status: 401 })
    expect(gate.validator.health().cachedTokens).toBe(0)
  })

  it('is gone at once when anything else made the gate look', async () => {
    const gate = createGateWith(signers[0]!)
    const token = tokenOf(signers[0]!, 'remembered')
    await remember(gate, token)
    serveEntra(gate.authority, [signers[1]!])
    expect(await isAccepted(gate, tokenOf(signers[1]!, 'new'))).toBe(true)
    expect(await refusalOf(gate.validator, token)).toMatchObject({ reason: 'key_known' })
  })

  it('and publishes anew under its old id with other material takes its remembered tokens along', async () => {
    const gate = createGateWith(signers[0]!)
    const token = tokenOf(signers[0]!, 'remembered')
    await remember(gate, token)
    serveEntra(gate.authority, [
      { ...stranger, jwk: (more) => stranger.jwk({ kid: signers[0]!.kid, ...more }) },
    ])
    await refusalOf(gate.validator, madeUp(0))
    expect(await refusalOf(gate.validator, token)).toMatchObject({ reason: 'signature' })
  })
})

function hanging(): { promise: Promise<Response>; resolve: (response: Response) => void } {
  let resolve: (response: Response) => void = () => undefined
  const promise = new Promise<Response>((settled) => (resolve = settled))
  return { promise, resolve }
}
