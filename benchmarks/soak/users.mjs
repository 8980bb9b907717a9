// Fifty thousand users whose tokens expire, and the authority's keys, which roll: chosen by a seed, a few of them far more often than most.
import { createIssuer, userId } from '../acquire-tokens.mjs'
import { createRandom } from '../random.mjs'

export const manyUsers = 50_000

/** `next()` gives a user and a token that is valid; `roll()` makes a key, and gives those to publish. */
export function createCrowd(issuingAuthority, { seed, lifetimeSeconds }) {
  const random = createRandom(seed)
  const held = new Map()
  let generation = 0
  let issuers = []
  let signing
  const roll = () => {
    const next = createIssuer(issuingAuthority, { kid: `soak-${generation + 1}`, lifetimeSeconds })
    issuers = [next, ...issuers.slice(0, 2)] // tokens of the key before are valid yet, and may be under way
    return { keys: issuers.map(({ jwk }) => jwk) }
  }
  const isValid = (token, nowMs) =>
    token !== undefined && nowMs < token.untilMs && token.generation >= generation - 1
  return {
    roll,
    /** The new key signs from now on: once it is published, as authorities do it. */
    signWithNew: () => {
      signing = issuers[0]
      generation += 1
    },
    next() {
      const index = Math.floor(manyUsers * random() ** 3)
      const nowMs = Date.now()
      let token = held.get(index)
      if (!isValid(token, nowMs)) {
        const untilMs = nowMs + (lifetimeSeconds - 1) * 1000
        token = { authorization: `Bearer ${signing.sign(index)}`, generation, untilMs }
        held.set(index, token)
      }
      return { id: userId(index), authorization: token.authorization }
    },
  }
}
