// Which URLs a token of Microsoft Graph goes to, and which hosts can be named.
import { describe, expect, it } from 'vitest'
import { checkGraphUrl, defaultScopes, resolveHosts } from '../../src/sdk/graph-hosts.ts'

const hosts = ['graph.microsoft.com', 'localhost', '127.0.0.1', '[::1]', 'intranet']
const loopback = 'http://localhost:1/v1.0/me'

describe('a token of Microsoft Graph', () => {
  it.each([
    'https://graph.microsoft.com/v1.0/me',
    'https://intranet/',
    loopback,
    'http://127.0.0.1/',
    'http://[::1]/',
  ])('goes to %s', (url) => {
    expect(() => {
      checkGraphUrl(url, hosts)
    }).not.toThrow()
  })

  it.each([
    [undefined, 'host_not_allowed', 'goes to no absolute URL'],
    ['v1.0/me', 'host_not_allowed', 'goes to no absolute URL'],
    ['https://graph.microsoft.com@evil.example/', 'host_not_allowed', 'goes to a URL with user information'],
    ['https://user@graph.microsoft.com/', 'host_not_allowed', 'goes to a URL with user information'],
    ['https://:word@graph.microsoft.com/', 'host_not_allowed', 'goes to a URL with user information'],
    ['https://evil.example/', 'host_not_allowed', 'goes to evil.example'],
    [
      'https://graph.microsoft.com.evil.example/',
      'host_not_allowed',
      'goes to graph.microsoft.com.evil.example',
    ],
    ['http://graph.microsoft.com/', 'insecure_url', 'go to graph.microsoft.com by https alone'],
    ['http://intranet/', 'insecure_url', 'go to intranet by https alone'],
    ['ftp://localhost/', 'insecure_url', 'go to localhost by https alone'],
  ])('does not go to %s', (url, reason, says) => {
    const check = (): void => {
      checkGraphUrl(url, hosts)
    }
    expect(check).toThrow(
      expect.objectContaining({ reason, message: expect.stringContaining(says) as string }),
    )
  })
})

describe('hosts', () => {
  it('are those of every cloud where none is named, and in lower case', () => {
    expect(resolveHosts()).toContain('graph.microsoft.us')
    expect(resolveHosts(['Graph.Microsoft.com', 'LOCALHOST', '[::1]'])).toEqual([
      'graph.microsoft.com',
      'localhost',
      '[::1]',
    ])
  })

  it.each([
    [[]],
    [['']],
    [['.microsoft.com']],
    [['*.microsoft.com']],
    [['https://x']],
    [['x:1']],
    [['x/y']],
    [['[::0:1]']],
  ])('are not %j', (wrong) => {
    expect(() => resolveHosts(wrong)).toThrow(expect.objectContaining({ option: 'hosts' }))
  })

  it.each([
    [['graph.microsoft.us', 'graph.microsoft.com'], 'https://graph.microsoft.us/.default'],
    [['localhost', 'dod-graph.microsoft.us'], 'https://dod-graph.microsoft.us/.default'],
    [['localhost'], 'https://graph.microsoft.com/.default'],
  ])('%j have the scope %s', (given, scope) => {
    expect(defaultScopes(given)).toEqual([scope])
  })
})
