// Whose a session id is, and that nobody makes the gate forget the ids of others.
import { describe, expect, it } from 'vitest'
import { createSessions } from '../../../src/adapters/mcp/sessions.ts'
import type { Principal } from '../../../src/protect/principal.ts'

const person = (objectId: string): Principal =>
  ({ issuer: 'i', tenantId: 't', objectId, subject: 's', clientId: 'c' }) as Principal
const alice = person('alice')
const bob = person('bob')

describe('a session id', () => {
  it('is whose it was first', () => {
    const owns = createSessions()
    expect([owns('a', alice), owns('a', bob), owns('a', alice), owns('b', bob)]).toEqual([
      true,
      false,
      true,
      true,
    ])
  })

  it('stays whose it is, however many another caller brings', () => {
    const owns = createSessions()
    expect(owns('of-alice', alice)).toBe(true)
    for (let number = 0; number < 120_000; number += 1) expect(owns(`of-bob-${number}`, bob)).toBe(true)
    expect(owns('of-alice', bob)).toBe(false)
    expect(owns('of-alice', alice)).toBe(true)
  })

  it('of a caller who brings a thousand others is the one that is forgotten', () => {
    const owns = createSessions()
    owns('first', alice)
    for (let number = 0; number < 999; number += 1) owns(`${number}`, alice)
    expect([owns('first', bob), owns('first', alice)]).toEqual([false, true])
    owns('one-more', alice)
    expect(owns('0', bob)).toBe(true) // `first` was asked for since
    expect(owns('first', bob)).toBe(false)
  })

  it('of so many callers that there is no room is forgotten, the oldest first', () => {
    const owns = createSessions()
    owns('oldest', alice)
    for (let caller = 0; caller < 100_000; caller += 1) owns(`of-${caller}`, person(`p${caller}`))
    expect(owns('of-99999', bob)).toBe(false)
    expect(owns('oldest', bob)).toBe(true)
    expect(owns('oldest', alice)).toBe(false)
  })
})
