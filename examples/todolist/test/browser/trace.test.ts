// One click on the page is one trace, through every process that works for it; and a picture of it.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, Request } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRunningScenario, until, type RunningScenario } from '../running-scenario.ts'
import { startCollector, type Collector, type Span } from '../traces/collector.ts'
import { drawWaterfall, type Waterfall } from '../traces/draw-waterfall.ts'
import { layOut, nameOf, workOf, type Work } from '../traces/waterfall.ts'
import { lookAt } from './look-at.ts'
import { launchBrowser, loadAgain } from './page-driver.ts'
import { visit, type Visitor } from './signed-in-visitor.ts'

let collector: Collector
let scenario: RunningScenario
let browser: Browser
let visitor: Visitor

beforeAll(async () => {
  collector = await startCollector()
  scenario = await startRunningScenario({ tracesUrl: collector.url })
  browser = await launchBrowser()
  visitor = await visit(browser, scenario, 'alice@contoso.onmicrosoft.com')
})

afterAll(async () => {
  await browser.close()
  await scenario.stop()
  await collector.stop()
})

/** What the browser saw of a click: the page reports nothing by itself. */
interface Click {
  readonly traceId: string
  readonly startMs: number
  readonly calls: readonly Call[]
}

interface Call {
  readonly spanId: string
  readonly name: string
  readonly status: number
  readonly startMs: number
  readonly endMs: number
}

async function clickLoadAgain(): Promise<Click> {
  const { page } = visitor
  const sent: Request[] = []
  const note = (request: Request): void => {
    if (request.headers()['traceparent'] !== undefined && request.method() !== 'OPTIONS') sent.push(request)
  }
  page.on('request', note)
  const clicked = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const tell = ({ timeStamp }: Event): void => resolve(performance.timeOrigin + timeStamp)
        document.addEventListener('click', tell, { capture: true, once: true })
      }),
  )
  await loadAgain(page)
  page.off('request', note)
  const calls = await Promise.all(sent.map(readCall))
  const traceIds = [...new Set(calls.map(({ traceId }) => traceId))]
  expect(traceIds).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)])
  return { traceId: traceIds[0] ?? '', startMs: await clicked, calls }
}

async function readCall(request: Request): Promise<Call & { readonly traceId: string }> {
  const [, traceId = '', spanId = ''] = (request.headers()['traceparent'] ?? '').split('-')
  const response = await request.response()
  await response?.finished()
  const { startTime, responseEnd } = request.timing()
  return {
    ...{ traceId, spanId },
    name: `${request.method()} ${new URL(request.url()).pathname}`,
    status: response?.status() ?? 0,
    startMs: startTime,
    endMs: startTime + responseEnd,
  }
}

/** The spans of a click, once everybody has sent theirs: each request that was sent was also served. */
async function spansOf({ traceId, calls }: Click): Promise<readonly Span[]> {
  const isServed = (id: string, spans: readonly Span[]): boolean =>
    spans.some(({ kind, parentSpanId }) => kind === 'server' && parentSpanId === id)
  const isWhole = (spans: readonly Span[]): boolean => {
    const sent = spans.filter(({ kind }) => kind === 'client').map(({ spanId }) => spanId)
    return [...calls.map(({ spanId }) => spanId), ...sent].every((id) => isServed(id, spans))
  }
  await until(() => isWhole(collector.spansOf(traceId)))
  return collector.spansOf(traceId)
}

/** Spans as texts, each with those above it: `GET /todolist > middle-tier GET /todolist > …`. */
function pathsOf(spans: readonly Span[], calls: readonly Call[]): readonly string[] {
  const pathOf = (span: Span): string => {
    const parent = spans.find(({ spanId }) => spanId === span.parentSpanId)
    const call = calls.find(({ spanId }) => spanId === span.parentSpanId)
    const above = parent === undefined ? (call?.name ?? 'nothing') : pathOf(parent)
    return `${above} > ${span.service} ${nameOf(span)}`
  }
  return spans.map(pathOf)
}

/** What is below a call on its way to an API, with what was needed for it. */
function wayOf(call: string, api: string, apiPath: string): readonly string[] {
  const served = `${call} > middle-tier ${call}`
  const exchange = `${served} > middle-tier midtier.acquire > middle-tier midtier.exchange`
  const sent = `${served} > middle-tier midtier.downstream > middle-tier GET ${apiPath}`
  return [
    served,
    `${served} > middle-tier midtier.validate`,
    `${served} > middle-tier midtier.acquire`,
    exchange,
    `${exchange} > middle-tier POST …/v2.0/token`,
    `${exchange} > middle-tier POST …/v2.0/token > emulator POST …/v2.0/token`,
    `${served} > middle-tier midtier.downstream`,
    sent,
    `${sent} > ${api} GET ${apiPath}`,
  ]
}

describe('a click on “Load again”', () => {
  let click: Click
  let spans: readonly Span[]

  beforeAll(async () => {
    await scenario.crash('middleTier') // so that it knows neither keys nor tokens
    click = await clickLoadAgain()
    spans = await spansOf(click)
  })

  it('is one trace: both calls, each with its way to an API and on behalf of whom', () => {
    const paths = pathsOf(spans, click.calls)
    const list = wayOf('GET /todolist', 'todo-api', '/api/tasks')
    expect(paths).toEqual(expect.arrayContaining([...list, `${list.at(-1)} > todo-api midtier.validate`]))
    expect(paths).toEqual(expect.arrayContaining([...wayOf('GET /graphMeApi', 'emulator', '/v1.0/me')]))
    expect(paths.filter((path) => path.startsWith('nothing'))).toEqual([])
    // Both calls need the keys, and whoever is first has them fetched.
    expect(
      paths.filter((path) => / > middle-tier midtier\.validate > .* > emulator /.test(path)),
    ).toHaveLength(2)
  })

  it('says where each token came from', () => {
    const acquired = spans.filter(({ name }) => name === 'midtier.acquire')
    const origins = acquired.map(({ attributes }) => attributes['midtier.origin'])
    expect(origins).toEqual(['authority', 'authority'])
  })

  it('is drawn as one waterfall', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    await page.setContent('<!doctype html><html lang="en"></html>')
    for (const path of ['client/static/style.css', 'client/static/drawing.css', 'test/traces/waterfall.css'])
      await page.addStyleTag({ content: await readFile(inExample(path), 'utf8') })
    const waterfall: Waterfall = {
      title: 'From a click to Graph: one trace of the to-do example',
      about:
        'The middle tier has just started: it fetches the keys, and exchanges the token of the page once for each API. What the demonstration looks up between validating and acquiring, policies and consents of the emulator, is left out.',
      parties: [
        ['browser', 'Browser'],
        ['middleTier', 'Middle tier'],
        ['todoApi', 'To Do API'],
        ['authority', 'Authority (the emulator)'],
        ['graph', 'Graph (the emulator)'],
      ],
      rows: layOut([...seenByBrowser(click), ...spans.map(workOf)]),
    }
    await page.evaluate(drawWaterfall, waterfall)
    expect(await page.locator('.row').count()).toBe(1 + click.calls.length + spans.length)
    const text = await page.locator('main').innerText()
    for (const word of ['midtier.validate', 'midtier.exchange', 'on behalf of', 'not cached', 'GET /v1.0/me'])
      expect(text).toContain(word)
    await lookAt(page, 'trace-todolist')
    await page.close()
  })

  it('needs no authority the next time', async () => {
    const again = await clickLoadAgain()
    const warm = await spansOf(again)
    expect(again.traceId).not.toBe(click.traceId)
    const acquired = warm.filter(({ name }) => name === 'midtier.acquire')
    expect(acquired.map(({ attributes }) => attributes['midtier.origin'])).toEqual(['l1', 'l1'])
    expect(warm.filter(({ name }) => name === 'midtier.exchange')).toEqual([])
  })
})

it('nothing that was ever sent to the collector is about a person, or secret', () => {
  const everything = collector.everything()
  expect(everything.length).toBeGreaterThan(20_000)
  for (const word of [
    'alice',
    'adams',
    'bearer',
    'eyj',
    'client_secret',
    'c0000000-0000-4000-8000-0000000000a1',
  ])
    expect(everything.toLowerCase()).not.toContain(word)
})

function seenByBrowser({ startMs, calls }: Click): readonly Work[] {
  const browser = { party: 'browser', says: '' } as const
  const endMs = Math.max(...calls.map((call) => call.endMs))
  const works = calls.map((call) => ({
    ...browser,
    ...{ id: call.spanId, parent: 'click', name: call.name, says: String(call.status) },
    ...{ startMs: call.startMs, endMs: call.endMs },
  }))
  return [
    { ...browser, id: 'click', parent: undefined, name: 'Click on “Load again”', startMs, endMs },
    ...works,
  ]
}

function inExample(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url))
}
