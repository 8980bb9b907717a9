// What is pushed to an open page of the sign-in log: the sign-ins that changed, as the page asked for them, and no more than it shows.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator, type RequestRecord } from '../../../src/index.ts'
import { createBrowser } from '../../browser.ts'
import { elementsNamed } from '../../ui/markup.ts'
import { textOf } from '../portal-browser.ts'
import { record } from './record.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())
beforeEach(() => emulator.requests.clear())

interface Pushed {
  readonly groups: readonly {
    readonly id: string
    readonly absorbed: readonly string[]
    readonly html: string
  }[]
  readonly maximum: number
}

/** The first event of the stream. */
async function pushed(query: string): Promise<Pushed> {
  const response = await fetch(`${emulator.origin}/_emulator/log/live?${query}`)
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!/data: .*\n\n/.test(text)) text += (await reader.read()).value ?? ''
  await reader.cancel()
  const [, data = ''] = /^event: groups\nid: \d+\ndata: (.*)$/m.exec(text) ?? []
  return JSON.parse(data) as Pushed
}

function add(id: string, changes: Partial<RequestRecord> = {}): number {
  emulator.requests.add(record({ id, correlationId: id, ...changes }))
  return emulator.requests.sequence
}

const open = (query: string) =>
  createBrowser(emulator.origin).open(`${emulator.origin}/_emulator/log${query}`)

describe('an open page gets', () => {
  it('the sign-ins that have changed since, newest first, each whole', async () => {
    add('old')
    add('first')
    const since = add('second')
    add('again', { correlationId: 'first' })
    add('third')
    const { groups } = await pushed(`since=${String(since)}&q=&selected=first`)
    expect(groups.map(({ id }) => id)).toEqual(['third', 'first'])
    const entries = elementsNamed(groups[1]?.html ?? '', 'a').filter(
      ({ attributes }) => attributes['class'] === 'entry',
    )
    expect(entries.map(({ attributes }) => [attributes['id'], attributes['aria-current']])).toEqual([
      ['entry-first', 'true'],
      ['entry-again', undefined],
    ])
  })

  it('what its query asks for alone', async () => {
    add('alice', { user: 'alice@contoso.com' })
    add('bob', { user: 'bob@contoso.com' })
    const { groups } = await pushed('q=user:alice&since=0')
    expect(groups.map(({ id }) => id)).toEqual(['alice'])
  })

  it('the time after which to come back, before anything else, from a stream that nobody keeps', async () => {
    const response = await fetch(`${emulator.origin}/_emulator/log/live`)
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    const { value } = await reader.read()
    await reader.cancel()
    expect(value).toBe('retry: 1000\n\n')
    const { headers } = response
    expect(['content-type', 'cache-control', 'x-accel-buffering'].map((name) => headers.get(name))).toEqual([
      ...['text/event-stream; charset=utf-8', 'no-store', 'no'],
    ])
  })

  it('no more than it shows', async () => {
    for (let count = 1; count <= 30; count += 1) add(`number ${String(count)}`)
    const { groups, maximum } = await pushed('q=&since=0')
    expect(maximum).toBe(25)
    expect(groups).toHaveLength(25)
    expect(groups[0]?.id).toBe('number 30')
    const page = await open('')
    expect(page.html.match(/id="group-/g)).toHaveLength(25)
  })
})

describe('a query', () => {
  it('is taken without the space around it, and at most 300 characters of it', async () => {
    const shown = async (query: string): Promise<string | undefined> => {
      const { html } = await open(`?q=${encodeURIComponent(query)}`)
      return elementsNamed(html, 'input').find(({ attributes }) => attributes['name'] === 'q')?.attributes[
        'value'
      ]
    }
    expect(await shown('  user:alice ')).toBe('user:alice')
    expect(await shown(`user:${'x'.repeat(400)}`)).toBe(`user:${'x'.repeat(295)}`)
  })
})

describe('a page about one request', () => {
  const detail = async (changes: Partial<RequestRecord>, tab = 'decision'): Promise<string> => {
    add('this', changes)
    return textOf(await open(`/this?tab=${tab}`))
  }

  it('counts the policies that did not apply, and those that are off', async () => {
    const result = (name: string, verdict: 'met' | 'unmet' | 'not_applied' | 'off', because?: string) => ({
      ...{ id: name, name, verdict, because },
    })
    const checks = [{ name: 'policies', verdict: 'failed' } as const]
    const [met, unmet] = [result('Lenient', 'met', 'it has mfa'), result('Strict', 'unmet', 'it lacks mfa')]
    const [other, another, off] = [result('A', 'not_applied'), result('B', 'not_applied'), result('C', 'off')]
    const all = await detail({ checks, policyResults: [met, unmet, other, another, off] })
    expect(all).toContain('✓ passed Policy: Lenient it has mfa')
    expect(all).toContain('✗ failed Policy: Strict it lacks mfa')
    expect(all).toContain('· not reached Other policies 2 did not apply, 1 off')
    emulator.requests.clear()
    expect(await detail({ checks, policyResults: [met, off] })).toMatch(/Other policies 1 off(?!, )/)
    emulator.requests.clear()
    expect(await detail({ checks, policyResults: [met] })).not.toContain('Other policies')
  })

  it('says of each check what it saw', async () => {
    const text = await detail({
      checks: [
        { name: 'form', verdict: 'passed' },
        { name: 'tenant', verdict: 'passed', actual: 'contoso' },
        { name: 'client_authentication', verdict: 'passed', expected: 'a secret' },
        { name: 'audience', verdict: 'failed', expected: 'one', actual: 'another' },
        { name: 'token', verdict: 'not_reached', expected: 'hidden' },
      ],
    })
    expect(text).toMatch(
      /✓ passed Form ✓ passed Tenant contoso ✓ passed Client authentication a secret ✗ failed Audience expected one , is another · not reached Token not reached/,
    )
  })

  it('says how an issued token differs from the one that came', async () => {
    const text = await detail(
      {
        presented: { aud: 'one', scp: 'a', tid: 'same', sid: 'gone' },
        issued: { aud: 'two', scp: 'a', tid: 'same', uti: 'fresh' },
      },
      'tokens',
    )
    expect(text).toMatch(/may accept it two was one/)
    expect(text).toMatch(/whose directory same the same/)
    expect(text).toMatch(/this token fresh new/)
    expect(text).toMatch(/of the user not in this token was gone/)
  })

  it('stands beside the list, and the list alone has the room to itself', async () => {
    await detail({})
    const shapeOf = async (path: string): Promise<string | undefined> =>
      elementsNamed((await open(path)).html, 'div').find(({ attributes }) =>
        attributes['class']?.startsWith('sign-in-log'),
      )?.attributes['class']
    expect(await shapeOf('')).toBe('sign-in-log')
    expect(await shapeOf('/this')).toBe('sign-in-log has-detail')
  })
})
