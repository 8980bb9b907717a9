// What the sidecar counts: requests by route, tokens, calls; bounded, and without a trace of a person.
import { readFileSync } from 'node:fs'
import { request as ask } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ObservedEvent } from 'midtier'
import { createCounter, createHistogram } from '../src/metrics/families.ts'
import { createMetrics } from '../src/metrics/metrics.ts'
import { alice, ids, type Scenario, startScenario } from './scenario.ts'

/** The value of one series. */
function valueOf(text: string, series: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `))
  return Number(line?.slice(series.length + 1))
}

describe('metrics', () => {
  let scenario: Scenario
  beforeAll(async () => {
    scenario = await startScenario({ Sidecar__Metrics: 'true' })
  })
  afterAll(() => scenario.stop())
  const read = async (): Promise<string> => (await scenario.ask('/metrics', { token: null })).text()

  it('count requests by route and status, tokens by origin, and calls by API', async () => {
    const token = await scenario.token()
    for (const path of ['/AuthorizationHeader/todo', '/AuthorizationHeader/TODO', '/DownstreamApi/todo'])
      await scenario.ask(path, { token })
    await scenario.ask('/Validate', { token: 'nonsense' })
    await scenario.ask('/nothing/alice', { token: null })
    const text = await read()
    const requests = (route: string, status: number): number =>
      valueOf(text, `midtier_sidecar_requests_total{route="${route}",status="${status}"}`)
    expect(requests('/AuthorizationHeader/{apiName}', 200)).toBe(2)
    expect(requests('/DownstreamApi/{apiName}', 200)).toBe(1)
    expect(requests('/Validate', 401)).toBe(1)
    expect(requests('none', 404)).toBe(1)
    const acquired = (origin: string): number =>
      valueOf(text, `midtier_sidecar_tokens_acquired_total{grant="on_behalf_of",origin="${origin}"}`)
    expect([acquired('authority'), acquired('l1')]).toEqual([1, 2])
    const calls = 'midtier_sidecar_downstream_duration_seconds_count{api="todo",status="200"}'
    expect(valueOf(text, calls)).toBe(1)
    expect(valueOf(text, 'midtier_sidecar_requests_in_flight')).toBe(1)
    expect(valueOf(text, 'process_resident_memory_bytes')).toBeGreaterThan(1e6)
  })

  it('have one series for all statuses that have no name', () => {
    const metrics = createMetrics({ isReady: () => true, underWay: () => 0 })
    const facts = {
      type: 'downstream_called',
      api: 'todo',
      method: 'GET',
      attempt: 1,
      durationMs: 1,
    } as const
    for (const status of [200, 299, 599, 720, undefined])
      metrics.observe({ ...facts, status, traceId: undefined, atMs: 0 } as ObservedEvent)
    const count = 'midtier_sidecar_downstream_duration_seconds_count'
    const lines = metrics.write().split('\n')
    expect(lines.filter((line) => line.startsWith(count))).toEqual([
      `${count}{api="todo",status="200"} 1`,
      `${count}{api="todo",status="other"} 3`,
      `${count}{api="todo",status="none"} 1`,
    ])
  })

  it('are those of the page, with their labels', async () => {
    const page = readFileSync(new URL('../../../docs/sidecar.md', import.meta.url), 'utf8')
    const rows = [
      ...page.matchAll(
        /^\| `((?:midtier_sidecar|process)_\w+)` +\| (counter|gauge|histogram) +\| (.*?) *\|/gm,
      ),
    ]
    await scenario.ask('/AuthorizationHeader/todo')
    await scenario.ask('/DownstreamApi/todo')
    await scenario.ask('/Validate', { token: 'nonsense' })
    const text = await read()
    const written = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)]
    expect(rows.map(([, name, type]) => [name, type])).toEqual(written.map(([, name, type]) => [name, type]))
    for (const [, name = '', , labels = ''] of rows) {
      const [, series = ''] = new RegExp(`^${name}(?:_count)?\\{(.*)\\} `, 'm').exec(text) ?? []
      const used = [...series.matchAll(/(\w+)="/g)].map(([, label]) => label)
      const said = [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label)
      if (used.length > 0) expect([name, said]).toEqual([name, used])
    }
  })

  it('are in the form that Prometheus reads', async () => {
    const response = await scenario.ask('/metrics', { token: null })
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const text = await response.text()
    const line =
      /^(# HELP [a-z_]+ .+|# TYPE [a-z_]+ (counter|gauge|histogram)|[a-z_]+(\{[a-z_]+="[^"\n]*"(,[a-z_]+="[^"\n]*")*\})? [\d.e+-]+)$/
    expect(text.endsWith('\n')).toBe(true)
    expect(
      text
        .trimEnd()
        .split('\n')
        .filter((each) => !line.test(each)),
    ).toEqual([])
  })

  it('hold nothing of a person, a token or a path that somebody sent', async () => {
    await scenario.ask(`/DownstreamApi/todo?optionsOverride.RelativePath=mail/${alice}`)
    await scenario.ask(`/${alice}/x`)
    const text = await read()
    for (const secret of [alice, ids.alice, ids.contoso, 'eyJ', 'mail/']) expect(text).not.toContain(secret)
  })

  it('are nothing for other names of this host', async () => {
    const { hostname, port } = new URL(scenario.url)
    const status = await new Promise((resolve, reject) => {
      ask({ hostname, port, path: '/metrics', headers: { host: 'sidecar.pod' } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(400)
  })
})

it('metrics are for other hosts where a setting says so', async () => {
  const scenario = await startScenario({ Sidecar__Metrics: 'true', Sidecar__AllowRemoteMetrics: 'true' })
  const headers = { origin: 'https://prometheus.example' }
  expect((await scenario.ask('/metrics', { token: null, headers })).status).toBe(200)
  expect((await scenario.ask('/readyz', { token: null, headers })).status).toBe(403)
  await scenario.stop()
})

it('metrics are switched off unless a setting says otherwise', async () => {
  const scenario = await startScenario()
  const response = await scenario.ask('/metrics', { token: null })
  expect(response.status).toBe(404)
  expect(await response.text()).toContain('Sidecar__Metrics')
  await scenario.stop()
})

describe('series', () => {
  it('are bounded, whatever comes', () => {
    const counter = createCounter('c_total', 'Counts.')
    for (let index = 0; index < 1_000; index += 1) counter.add({ name: String(index) })
    expect(counter.write().split('\n').length).toBeLessThan(300)
    expect(valueOf(counter.write(), 'c_total{name="other"}')).toBe(744)
  })

  it('have their labels escaped', () => {
    const counter = createCounter('c_total', 'Counts.')
    counter.add({ name: 'a"b\\c\nd' })
    expect(counter.write()).toContain('c_total{name="a\\"b\\\\c\\nd"} 1\n')
  })

  it('of durations add up to the count', () => {
    const histogram = createHistogram('d_seconds', 'Durations.')
    for (const seconds of [0.001, 0.02, 99]) histogram.observe({ a: 'b' }, seconds)
    const text = histogram.write()
    expect(valueOf(text, 'd_seconds_bucket{a="b",le="0.001"}')).toBe(1)
    expect(valueOf(text, 'd_seconds_bucket{a="b",le="10"}')).toBe(2)
    expect(valueOf(text, 'd_seconds_bucket{a="b",le="+Inf"}')).toBe(3)
    expect(valueOf(text, 'd_seconds_count{a="b"}')).toBe(3)
    expect(valueOf(text, 'd_seconds_sum{a="b"}')).toBeCloseTo(99.021)
  })
})
