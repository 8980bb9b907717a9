// Which addresses a page links to.
import { describe, expect, it } from 'vitest'
import { navigableUrl } from '../../src/ui/navigable-url.ts'

describe('navigableUrl', () => {
  it.each([
    'https://app.example/cb?x=1#y',
    'http://localhost:3000/',
    '/',
    '/contoso/oauth2/v2.0/authorize?x',
  ])('allows %s', (url) => expect(navigableUrl(url)).toBe(url))

  it.each([
    'javascript:alert(1)',
    'JavaScript://app.example/%0aalert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'blob:http://localhost/x',
    'file:///etc/passwd',
    '//evil.example/',
    '/\\evil.example/',
    '/\t/evil.example/',
    '/\n/evil.example/',
    'relative/path',
    '',
  ])('refuses %j', (url) => expect(navigableUrl(url)).toBeUndefined())
})
