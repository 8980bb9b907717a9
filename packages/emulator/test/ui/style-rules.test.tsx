// The style sheet and the pages belong together: what a page is marked with has a rule, and no rule is for nothing.
import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { portalRoutes } from '../../src/portal/routes.ts'
import { tabs } from '../../src/portal/log/detail.tsx'
import { Drawing } from '../../src/ui/drawing/draw.tsx'
import { drawLaneNames, drawRows, type Row } from '../../src/ui/drawing/sequence.ts'
import {
  accessAsUser,
  agent,
  alice,
  authorizeUrl,
  contoso,
  middleTier,
  onBehalfOf,
  postToken,
  signInToWebClient,
  webClient,
} from '../scenario.ts'
import { openPortal } from '../portal/portal-browser.ts'
import { pagesUnderAttack } from './all-pages.tsx'
import { elementsOf, render } from './markup.ts'

const assets = new URL('../../assets/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, assets), 'utf8')
const sheets = readdirSync(assets).filter((name) => name.endsWith('.css'))
const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'))

/** The classes that rules are for. */
const ruledBy = (css: string): readonly string[] => [
  ...new Set(
    [...css.replaceAll(/\/\*.*?\*\/|@import [^;]+;/gs, '').matchAll(/\.([a-z][\w-]*)/g)].map(
      ([, name = '']) => name,
    ),
  ),
]

/** The classes of the elements of pages. */
const markedIn = (pages: readonly string[]): readonly string[] => [
  ...new Set(
    pages.flatMap((page) =>
      elementsOf(page).flatMap(({ attributes }) => attributes['class']?.split(' ') ?? []),
    ),
  ),
]

describe('a sequence drawing', () => {
  // What is plain, and what is exchanged, looks as lines do that are nothing else.
  const unruled = ['tone-plain', 'tone-exchange']
  const tones: readonly Row['tone'][] = ['plain', 'exchange', 'cache', 'person', 'refused']
  const rows = tones.flatMap((tone) =>
    (['request', 'answer', 'inside'] as const).map((direction): Row => {
      const to = direction === 'answer' ? 0 : 1
      const tickets = [{ number: '1', purpose: 'for the API' }]
      return {
        from: direction === 'inside' ? to : 1 - to,
        to,
        direction,
        tone,
        tickets,
        label: 'token',
        time: '3 ms',
      }
    }),
  )

  it('has a rule for each mark, and no rule for nothing', async () => {
    const parties = [{ name: 'API', isMain: true }, { name: 'Authority' }]
    const drawing = await Promise.all(
      [drawLaneNames(parties), drawRows(parties, rows)].map((drawn) => render(<Drawing drawn={drawn} />)),
    )
    const marks = markedIn(drawing).filter((name) => !unruled.includes(name))
    const elsewhere = ['drawing', 'story-title', 'visually-hidden']
    const ruled = ruledBy(read('drawing.css'))
    expect(marks.filter((name) => ![...ruled, ...elsewhere].includes(name))).toEqual([])
    expect(ruled.filter((name) => ![...marks, ...elsewhere].includes(name))).toEqual([])
  })
})

describe('the pages', () => {
  let pages: readonly string[]
  beforeAll(async () => {
    const emulator = await createEmulator()
    pages = [
      ...(await Promise.all(pagesUnderAttack.map(([, page]) => render(page())))),
      ...(await pagesOf(emulator)),
    ]
    await emulator.stop()
  })

  it('are marked with nothing that has no rule', () => {
    const ruled = sheets.flatMap((name) => ruledBy(read(name)))
    // What is as it should be looks plain.
    const unruled = [
      'chain-held',
      'chain-issued',
      'step-passed',
      'verdict-issued',
      'verdict-answered',
      'tone-plain',
      'tone-exchange',
    ]
    expect(markedIn(pages).filter((name) => ![...ruled, ...unruled].includes(name))).toEqual([])
  })

  it.each(sheets)('have all that %s has rules for', (name) => {
    const byScripts = scripts.map(read).join('')
    const drawn = name === 'drawing.css' ? ruledBy(read(name)) : []
    const marks = [...markedIn(pages), ...drawn]
    const missing = ruledBy(read(name)).filter((each) => !marks.includes(each))
    expect(missing.filter((each) => !byScripts.includes(`'${each}'`))).toEqual([])
  })
})

/** Pages of an emulator in which everything has happened that is shown in a way of its own. */
async function pagesOf(emulator: Emulator): Promise<readonly string[]> {
  const portal = openPortal(emulator)
  const htmlOf = async (path: string): Promise<string> => (await portal.open(path)).html
  const empty = await Promise.all(['/_emulator/log', '/portal/faults', '/portal/policies', '/'].map(htmlOf))
  const { body } = await signInToWebClient(emulator)
  const exchange = onBehalfOf(body['access_token'] as string)
  await postToken(emulator, exchange)
  await postToken(emulator, { ...exchange, scope: 'none' })
  await portal.open(authorizeUrl(emulator))
  await portal.open(`/${contoso}/v2.0/.well-known/openid-configuration`)
  const fault = emulator.faults.add({ when: { endpoint: 'token' }, then: { drop: true } })
  await postToken(emulator, exchange).catch(() => undefined)
  emulator.policies.add({ kind: 'require_mfa', name: 'on' })
  emulator.policies.add({ kind: 'block', name: 'off', enabled: false })
  await portal.submit('/portal/clock', { do: 'freeze' })
  await portal.submit(`/portal/applications/${middleTier}/secrets`, { do: 'reveal' })
  const people = Array.from({ length: 60 }, (_, index) => `c${String(index).padStart(7, '0')}`)
  const data = emulator.directory.toData()
  emulator.directory.replace({
    ...data,
    users: [
      ...data.users,
      ...people.map((name) => ({
        ...{ id: `${name}-0000-4000-8000-000000000000`, tenantId: contoso, displayName: name },
        ...{ username: `${name}@contoso.onmicrosoft.com`, password: 'x' },
      })),
    ],
  })
  const ids: Readonly<Record<string, string | undefined>> = {
    '/portal/tenants': contoso,
    '/portal/users': emulator.directory.findUser(alice)?.id,
    '/portal/agents': agent,
  }
  const paths = portalRoutes
    .filter(([methods]) => methods === 'GET')
    .map(([, path]) => path.replace(':id', ids[path.replace('/:id', '')] ?? middleTier))
  const scope = encodeURIComponent(accessAsUser)
  const records = emulator.requests.list().map(({ id }) => `/_emulator/log/${id}`)
  const more = [
    ...['/_emulator/log', '/_emulator/log?q=none', '/portal/users?q=none'],
    ...[alice, 'nobody'].map(
      (user) => `/portal/applications/${webClient}/preview?user=${user}&scope=${scope}`,
    ),
    ...records.flatMap((path) => tabs.map((tab) => `${path}?tab=${tab}`)),
  ]
  const shown = await Promise.all([...paths, ...more].map(htmlOf))
  fault.remove()
  const token = await portal.submit('/portal/tokens', { token: body['access_token'] as string })
  return [...empty, ...shown, token.html]
}
