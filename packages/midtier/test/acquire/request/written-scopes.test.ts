// What is made of scopes as people write them: the set that is asked for, or why none is. Written down to be read.
import { expect, it } from 'vitest'
import { parsePlainScopes, parseScopes, ScopeSets } from '../../../src/acquire/request/scopes.ts'
import { isMidtierError } from '../../../src/index.ts'
import { expectWritten } from '../../written.ts'

const graphId = '00000003-0000-0000-c000-000000000000'
const appId = '8c3a0ab0-0a7e-4c3e-a3ed-7a1b7cbd0b6a'

const written: readonly string[] = [
  '',
  ' ',
  'openid',
  'openid profile offline_access',
  'User.Read',
  ' User.Read  Mail.Read\tUser.Read ',
  'User.Read openid',
  'email',
  '.default',
  'User.Read .default',
  'https://graph.microsoft.com/.default',
  'https://graph.microsoft.com/User.Read Mail.Read',
  'https://GRAPH.microsoft.com/User.Read Mail.Read',
  'https://graph.microsoft.us/User.Read Mail.Read',
  'https://dod-graph.microsoft.us/User.Read Mail.Read',
  `${graphId}/User.Read Mail.Read`,
  `api://${graphId}/User.Read https://graph.microsoft.com/Mail.Read`,
  'api://todo/.default',
  'api://todo/.default openid',
  'api://todo/.default api://todo/Read',
  'api://todo/Read api://todo/Write',
  'api://todo/Write api://todo/Read',
  'api://TODO/Read api://todo/Write',
  'api://todo/Read api://mail/Read',
  'api://todo/Read User.Read',
  'api://todo//.default',
  'api://todo//Read api://todo/Write',
  `api://${appId}/Read ${appId}/Write`,
  `api://${appId}/Read ${appId.toUpperCase()}/Write`,
  `https://${appId}/Read ${appId}/Write`,
  'https://contoso.com/todo/Read https://contoso.com/todo/Write',
  'https://contoso.com/todo/Read https://contoso.com/mail/Read',
  '/Read',
  'todo/default',
  'Read"',
  'Read\\',
  'Lesen€',
  'Read!#[]~',
]

it('scopes of Entra', async () => {
  const hosts = {
    'the global cloud': undefined,
    'the US government': ['graph.microsoft.us', 'dod-graph.microsoft.us'],
    'no Graph': [],
  }
  const lines = written.flatMap((text) => {
    const told = Object.entries(hosts).map(
      ([where, graphs]) => [where, tell(() => parseScopes(text, graphs))] as const,
    )
    const usual = told[0]?.[1] ?? ''
    const others = told.filter(([, outcome]) => outcome !== usual)
    return [
      JSON.stringify(text),
      `  ${usual}`,
      ...others.map(([where, outcome]) => `  with ${where}: ${outcome}`),
    ]
  })
  await expectWritten(lines, new URL('written/scopes-of-entra.txt', import.meta.url))
})

it('scopes of another authority', async () => {
  const lines = written.flatMap((text) => [JSON.stringify(text), `  ${tell(() => parsePlainScopes(text))}`])
  await expectWritten(lines, new URL('written/scopes-of-others.txt', import.meta.url))
})

it('scopes that were seen are at hand, a thousand of them at most', () => {
  const sets = new ScopeSets()
  const first = sets.read(['api://todo/Read', 'api://todo/Write'])
  expect(sets.peek(['api://todo/Read', 'api://todo/Write'])).toBe(first)
  expect(sets.read(['api://todo/Read api://todo/Write'])).toBe(first)
  expect(sets.peek(['api://todo/Write', 'api://todo/Read'])).toBeUndefined()
  for (let more = 1; more < 1000; more += 1) sets.read([`api://todo/${more}`])
  expect(sets.peek(['api://todo/Read', 'api://todo/Write'])).toBe(first)
  sets.read(['api://todo/last'])
  expect(sets.peek(['api://todo/Read', 'api://todo/Write'])).toBeUndefined()
  expect(sets.peek(['api://todo/last'])?.scopes).toEqual(['api://todo/last'])
})

function tell(parse: () => ReturnType<typeof parseScopes>): string {
  try {
    const { scopes, encoded, isDefault } = parse()
    expect(Object.isFrozen(scopes)).toBe(true)
    return `asks for ${scopes.join(' ')}, as ${encoded}${isDefault ? ', all that were consented to' : ''}`
  } catch (error) {
    if (!isMidtierError(error) || error.code !== 'acquisition_impossible') throw error
    return `${error.reason}: ${error.message}`
  }
}
