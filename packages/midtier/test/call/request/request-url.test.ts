import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolveBelow } from '../../../src/call/request/request-url.ts'
import { AcquisitionError } from '../../../src/kernel/errors/errors.ts'

const base = new URL('https://todolist.contoso.com/api/v1/')

const hostile: readonly string[] = [
  // another origin, said outright
  'https://evil.example/',
  'HTTPS://evil.example/',
  'http:evil.example',
  'https:/evil.example',
  'https:\\\\evil.example',
  '//evil.example/',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '\\/evil.example',
  '\\evil.example',
  'javascript:alert(1)',
  'data:text/plain,x',
  'file:///etc/passwd',
  'ftp://evil.example/x',
  'blob:https://evil.example/x',
  // another origin, encoded
  '%2f%2fevil.example/',
  '%2F%2Fevil.example/',
  '%5c%5cevil.example',
  '%5C%2Fevil.example',
  '%252f%252fevil.example',
  'https%3a%2f%2fevil.example/',
  'https%253a%252f%252fevil.example/',
  // above the base path
  '/admin',
  '/',
  '..',
  '../admin',
  '../../admin',
  './../admin',
  'todos/../../admin',
  'todos/..',
  '.',
  './todos',
  'todos/./1',
  '..\\admin',
  'todos\\..\\..\\admin',
  'todos\\1',
  // above the base path, encoded once and more
  '%2e%2e/admin',
  '%2E%2E/admin',
  '.%2e/admin',
  '%2e./admin',
  '%2e%2e%2fadmin',
  '..%2fadmin',
  '..%5cadmin',
  '%2e%2e%5cadmin',
  'todos%2f..%2f..%2fadmin',
  '%252e%252e/admin',
  '%252e%252e%252fadmin',
  '%25252e%25252e%25252fadmin',
  '%2525252525252e%2525252525252e/admin',
  '%2fadmin',
  '%5cadmin',
  // path parameters that some servers strip before resolving dots
  '..;/admin',
  '..;x=1/admin',
  '.;/admin',
  'todos/..;/..;/admin',
  '%2e%2e;/admin',
  '..%3b/admin',
  // ends of the path, to a server that decodes before it takes the target apart
  '..%3f',
  '..%3F/admin',
  '..%23',
  'todos/..%3fx=1',
  'todos/..%23/admin',
  '%2e%2e%3f/../admin',
  '..%253f',
  '%252e%252e%2523',
  '.%3f',
  // spellings that some systems fold
  '..%20/admin',
  '%2e%2e%20',
  '%u002e%u002e/admin',
  '%25u002e%25u002e/admin',
  '\uff0e\uff0e/admin',
  'todos\uff0f..\uff0f..\uff0fadmin',
  '..%5c%3f',
  '%c0%ae%c0%ae/admin',
  '%25c0%25ae%25c0%25ae/admin',
  '%252e%252e/100%2525',
  // control characters, broken encoding, fragments
  'todos\r\nHost: evil.example',
  'todos%0d%0aHost:%20evil.example',
  'todos\tx',
  '\t//evil.example',
  'todos\u0000',
  'todos%00',
  'todos%1f',
  'todos%7f',
  'todos%',
  'todos%zz',
  'todos%c0%ae%c0%ae/admin',
  'todos#//evil.example',
  'todos\u007f',
]

describe('the URL of a downstream call', () => {
  it('is tried with many ways out, each of them another', () => {
    expect(new Set(hostile).size).toBeGreaterThanOrEqual(60)
    expect(new Set(hostile).size).toBe(hostile.length)
  })

  it.each(hostile.map((path) => [path]))('refuses %j before any token is acquired', (path) => {
    expect(() => resolveBelow(base, path)).toThrow(AcquisitionError)
  })

  it.each([
    ['todos', 'https://todolist.contoso.com/api/v1/todos'],
    ['todos/42', 'https://todolist.contoso.com/api/v1/todos/42'],
    ['', 'https://todolist.contoso.com/api/v1/'],
    [
      'todos?$top=5&next=https%3A%2F%2Fx',
      'https://todolist.contoso.com/api/v1/todos?$top=5&next=https%3A%2F%2Fx',
    ],
    ['users/alice@contoso.com', 'https://todolist.contoso.com/api/v1/users/alice@contoso.com'],
    ['search/a..b', 'https://todolist.contoso.com/api/v1/search/a..b'],
    ['notes/my%20list', 'https://todolist.contoso.com/api/v1/notes/my%20list'],
    ['notes/my list~', 'https://todolist.contoso.com/api/v1/notes/my%20list~'],
    ['notes/caf%C3%A9', 'https://todolist.contoso.com/api/v1/notes/caf%C3%A9'],
    ['files/100%25', 'https://todolist.contoso.com/api/v1/files/100%25'],
    ['files/what%3f', 'https://todolist.contoso.com/api/v1/files/what%3f'],
    ['files/a%23..%23b', 'https://todolist.contoso.com/api/v1/files/a%23..%23b'],
    ['@evil.example', 'https://todolist.contoso.com/api/v1/@evil.example'],
    ['todos?redirect=../../x', 'https://todolist.contoso.com/api/v1/todos?redirect=../../x'],
  ])('resolves %j below the base', (path, expected) => {
    expect(resolveBelow(base, path).href).toBe(expected)
  })

  it('says of a path as Graph writes it what is wrong with it', () => {
    expect(() => resolveBelow(base, '/me')).toThrow(
      "The path for the downstream API begins with a slash; pass a path relative to its baseUrl, such as 'todos/42'",
    )
  })

  it('stays below the base or refuses, whatever the path', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '/',
        '\\',
        '%2e',
        '%2f',
        '%5c',
        '%25',
        ';',
        '//',
        ':',
        '@',
        'a',
        '?',
        '#',
        '\r\n',
        'https:',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const path = pieces.join('')
        let url: URL
        try {
          url = resolveBelow(base, path)
        } catch (error) {
          expect(error).toBeInstanceOf(AcquisitionError)
          return
        }
        expect(url.origin).toBe(base.origin)
        expect(url.pathname.startsWith(base.pathname)).toBe(true)
        expect(url.username + url.password).toBe('')
      }),
      { numRuns: 3000 },
    )
  })
})
