// A sequence drawing: what it says to whoever hears it, and where it draws what.
import { describe, expect, it } from 'vitest'
import { Drawing } from '../../src/ui/drawing/draw.tsx'
import { drawLaneNames, drawRows, drawTicket, type Drawn, type Row } from '../../src/ui/drawing/sequence.ts'
import { elementsOf, render, type Element } from './markup.ts'

const parties = [{ name: 'Browser' }, { name: 'API', isMain: true }, { name: 'Authority' }]
const row = (changes: Partial<Row>): Row => ({
  ...{ from: 0, to: 1, direction: 'request', label: 'GET /me', tone: 'plain', tickets: [] },
  ...changes,
})
const ticket = (number: string): Row['tickets'][number] => ({ number, purpose: 'for the API' })

const markupOf = (drawn: Drawn): Promise<string> => render(<Drawing drawn={drawn} />)
const elementsIn = async (drawn: Drawn): Promise<readonly Element[]> => elementsOf(await markupOf(drawn))
const rowsOf = async (...rows: readonly Row[]): Promise<readonly Readonly<Record<string, string>>[]> =>
  (await elementsIn(drawRows(parties, rows)))
    .filter(({ tag, attributes }) => tag === 'li' && attributes['class'] !== 'lanes')
    .map(({ attributes }) => attributes)

describe('a drawing says', () => {
  it.each<[string, Partial<Row>]>([
    ['Browser asks API: GET /me', {}],
    ['API answers Browser: 200', { from: 1, to: 0, direction: 'answer', label: '200' }],
    ['API: from the cache', { from: 1, direction: 'inside', label: 'from the cache' }],
    [
      'API asks Authority: token 2 token 3 exchange 7 ms',
      {
        ...{ from: 1, to: 2, label: 'exchange', time: '7 ms', tickets: [ticket('2'), ticket('3')] },
      },
    ],
  ])('%s', async (said, changes) => {
    const markup = await markupOf(drawRows(parties, [row(changes)]))
    // What is decoration is not heard.
    const heard = markup
      .replace(/<li class="lanes" role="presentation" aria-hidden="true">.*?<\/li>/s, '')
      .replaceAll(/<span class="arrow" aria-hidden="true"><\/span>/g, '')
    expect(heard).not.toContain('aria-hidden')
    expect(
      heard
        .replaceAll(/<[^>]+>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    ).toBe(said)
  })

  it('what a token is for', async () => {
    expect(await markupOf(drawTicket(ticket('4')))).toContain('title="Token 4: for the API"')
  })
})

describe('a drawing has', () => {
  it('a lane for each party, and one that it is about', async () => {
    const lanes = (await elementsIn(drawRows(parties, []))).filter(({ tag }) => tag === 'span')
    expect(lanes.map(({ attributes }) => attributes['class'])).toEqual(['lane', 'lane lane-main', 'lane'])
    const [head] = await elementsIn(drawLaneNames(parties))
    expect(head?.attributes).toMatchObject({ 'data-lanes': '3', 'aria-hidden': 'true' })
    expect((await elementsIn(drawRows(parties, [])))[0]?.attributes['data-lanes']).toBe('3')
  })

  it('each row between its lanes, with an arrow that shows whither', async () => {
    const rows = await rowsOf(
      row({}),
      row({ from: 2, to: 1, direction: 'answer' }),
      row({ from: 1, to: 1, direction: 'inside' }),
      row({ from: 2, to: 2, direction: 'inside', tone: 'refused' }),
    )
    expect(
      rows.map((each) => [each['class'], each['data-left'], each['data-right'], each['data-at-end']]),
    ).toEqual([
      ['hop hop-request tone-plain rightward', '0', '1', undefined],
      ['hop hop-answer tone-plain leftward', '1', '2', ''],
      ['hop hop-inside tone-plain rightward', '1', '1', undefined],
      ['hop hop-inside tone-refused rightward', '2', '2', ''],
    ])
    const arrows = async (direction: Row['direction']): Promise<number> =>
      (await elementsIn(drawRows(parties, [row({ direction })]))).filter(
        ({ attributes }) => attributes['class'] === 'arrow',
      ).length
    expect([await arrows('request'), await arrows('answer'), await arrows('inside')]).toEqual([1, 1, 0])
  })

  it('six colours for tokens, a line having that of its first, and the seventh the first again', async () => {
    const rows = await rowsOf(
      row({}),
      ...['1', '2', '6', '7', '12', '13'].map((number) => row({ tickets: [ticket(number), ticket('3')] })),
    )
    expect(rows.map((each) => each['data-token'])).toEqual([undefined, '1', '2', '6', '1', '6', '1'])
    const [mark] = await elementsIn(drawTicket(ticket('8')))
    expect(mark?.attributes['data-token']).toBe('2')
  })
})
