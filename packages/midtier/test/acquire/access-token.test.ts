import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { AccessToken } from '../../src/acquire/token-source.ts'

const token = new AccessToken({
  accessToken: 'header.claims.signature',
  tokenType: 'Bearer',
  scopes: ['api://todolist/Todos.Read'],
  acquiredAtMs: 0,
  expiresAtMs: 2,
  refreshAtMs: 1,
  correlationId: 'c',
  origin: 'authority',
})

describe('an access token', () => {
  it('is reached by its name, and so are its facts, which cannot be changed', () => {
    expect(token.accessToken).toBe('header.claims.signature')
    expect(Object.fromEntries(Object.entries(token))).toEqual({
      tokenType: 'Bearer',
      scopes: ['api://todolist/Todos.Read'],
      acquiredAtMs: 0,
      expiresAtMs: 2,
      refreshAtMs: 1,
      correlationId: 'c',
      origin: 'authority',
      reason: undefined,
    })
    expect(Object.isFrozen(token)).toBe(true)
  })

  it('is in nothing that prints, copies or compares the object', () => {
    const printed = [
      inspect(token, { depth: 9, showHidden: true }),
      JSON.stringify(token),
      JSON.stringify(Object.assign({}, token)),
      JSON.stringify(structuredClone(token)),
      `${String(token)} ${token.toString()}`,
      Object.entries(token).join(),
      Reflect.ownKeys(token).join(),
    ]
    for (const text of printed) expect(text).not.toContain('claims')
    expect(printed[0]).toContain('Bearer')
  })
})
