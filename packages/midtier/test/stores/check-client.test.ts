import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '../../src/index.ts'
import { keyvStore } from '../../src/stores/keyv.ts'
import { postgresStore } from '../../src/stores/postgres.ts'
import { redisStore } from '../../src/stores/redis.ts'

const makers = [
  ['redisStore', redisStore, 'ioredis'],
  ['postgresStore', postgresStore, 'Pool of pg'],
  ['keyvStore', keyvStore, 'Keyv'],
] as const

describe('a store without what it is to be made with', () => {
  for (const [name, make, wanted] of makers)
    for (const nothing of [undefined, null, 'redis://127.0.0.1'])
      it(`${name}(${String(nothing)}) says what to pass`, () => {
        const attempt = (): unknown => (make as (client: unknown) => unknown)(nothing)
        expect(attempt).toThrow(ConfigurationError)
        expect(attempt).toThrow(wanted)
      })

  it.each([
    [null, 'client: is null: pass a client'],
    [undefined, 'client: is undefined: pass a client'],
    ['redis://127.0.0.1', 'client: is string: pass a client'],
  ])('says what came: %j', (nothing, told) => {
    expect(() => redisStore(nothing as never)).toThrow(told)
  })
})
