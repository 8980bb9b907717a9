// What the benchmarks rest on: an answer that is not the expected one ends a measurement, and what a soak found is counted.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'

interface Load {
  readonly run: (
    requestAt: (index: number) => Buffer,
    limits: { readonly requests: number; readonly budgetMs?: number },
  ) => Promise<{ readonly requests: number; readonly latencies: readonly number[] }>
  readonly close: () => void
}

interface Crowd {
  readonly roll: () => { readonly keys: readonly { readonly kid: string }[] }
  readonly signWithNew: () => void
  readonly next: () => { readonly id: string; readonly authorization: string }
}

interface Summary {
  readonly promises: readonly { readonly what: string; readonly kept: boolean }[]
  readonly files: Readonly<Record<string, string>>
}

interface Authority {
  readonly instance: string
  readonly trusted: string
  readonly publish: (jwks: unknown) => Promise<void>
}

interface Benchmarks {
  readonly withTlsAuthority: (work: (authority: Authority) => Promise<void>) => Promise<void>
  readonly createUsers: (issuer: string) => {
    readonly jwks: unknown
    readonly assertion: (at: number) => string
  }
  readonly tenantId: string
  readonly createLoad: (to: {
    readonly name: string
    readonly port: number
    readonly expected: string
    readonly connections: number
  }) => Load
  readonly writeRequest: (path: string, authorization: string) => Buffer
  readonly factsOf: (name: string, report: object, rounds: number) => { readonly command: string }
  readonly createCrowd: (issuer: string, options: { seed: number; lifetimeSeconds: number }) => Crowd
  readonly summarise: (record: object, plan: object) => Summary
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const load = async (name: string): Promise<Benchmarks> =>
  (await import(new URL(`../../benchmarks/${name}.mjs`, import.meta.url).href)) as Benchmarks
const { withTlsAuthority } = await load('tls-authority')
const { createUsers, tenantId } = await load('acquire-tokens')
const { createLoad, writeRequest } = await load('socket-load')
const { factsOf } = await load('report')
const { createCrowd } = await load('soak/users')
const { summarise } = await load('soak/report')

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A server that answers so, and a load that expects `yes`. */
async function serve(
  answer: (authorization: string | undefined) => { status?: number; body: string },
): Promise<Load> {
  const server = createServer(({ headers }, response) => {
    const { status = 200, body } = answer(headers.authorization)
    response.writeHead(status, { 'content-length': body.length }).end(body)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const load = createLoad({ name: 'a server', port, expected: 'yes', connections: 3 })
  closing.push(
    load.close,
    () => server.closeAllConnections(),
    () => void server.close(),
  )
  return load
}

const requestOf = (index: number): Buffer => writeRequest('/', `Bearer ${index}`)

describe('the load', () => {
  it('asks as often as it is told, one user after another, and goes on where it ended', async () => {
    const seen: (string | undefined)[] = []
    const load = await serve((authorization) => (seen.push(authorization), { body: 'yes' }))
    const first = await load.run(requestOf, { requests: 5 })
    const second = await load.run(requestOf, { requests: 4 })
    expect([first.requests, first.latencies.length, second.requests]).toEqual([5, 5, 4])
    expect(new Set(seen)).toEqual(new Set(Array.from({ length: 9 }, (_, index) => `Bearer ${index}`)))
  })

  it('asks nothing when its time is over', async () => {
    const load = await serve(() => ({ body: 'yes' }))
    expect((await load.run(requestOf, { requests: 5, budgetMs: 0 })).requests).toBe(0)
  })

  it.each([
    ['another status', { status: 401, body: 'yes' }, /a server: answered 401/],
    ['another body', { body: 'no!' }, /a server: answered 200: no!/],
  ])('ends at %s', async (_what, answer, message) => {
    const load = await serve(() => answer)
    await expect(load.run(requestOf, { requests: 2 })).rejects.toThrow(message)
  })
})

describe('a fresh process', () => {
  it.each([
    ['start-child', 'node:https'],
    ['start-child', 'midtier'],
    ['coldstart-child', 'midtier'],
  ])('of %s takes the token that the authority gives to %s', async (file, contender) => {
    await withTlsAuthority(async ({ instance, trusted, publish }) => {
      const users = createUsers(`${instance}/${tenantId}`)
      await publish(users.jwks)
      const env = { ...process.env, NODE_EXTRA_CA_CERTS: trusted, ASSERTION: users.assertion(0) }
      const child = fileURLToPath(new URL(`../../benchmarks/${file}.mjs`, import.meta.url))
      const { stdout } = await promisify(execFile)(process.execPath, [child, contender, instance], { env })
      expect(JSON.parse(stdout)).toBeTruthy()
    })
  })
})

describe('the facts of a report', () => {
  it('name the command that repeats it: by its rounds, or by what it says itself', () => {
    expect(factsOf('warm', { tokenLength: 0 }, 15).command).toBe('npm run bench -- warm --rounds 15')
    const soak = { tokenLength: 0, options: '--minutes 30 --seed 1' }
    expect(factsOf('soak', soak, 15).command).toBe('npm run bench -- soak --minutes 30 --seed 1')
  })
})

describe('the crowd of a soak', () => {
  const options = { seed: 7, lifetimeSeconds: 600 }
  const keyIdOf = (authorization: string): string => {
    const [header = ''] = authorization.slice('Bearer '.length).split('.')
    return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }).kid
  }

  it('is the same for the same seed', () => {
    const idsOf = (seed: number): string[] => {
      const crowd = createCrowd('https://issuer.example', { ...options, seed })
      crowd.roll()
      crowd.signWithNew()
      return Array.from({ length: 20 }, () => crowd.next().id)
    }
    expect(idsOf(7)).toEqual(idsOf(7))
    expect(idsOf(7)).not.toEqual(idsOf(8))
  })

  it('signs with a key once it is published, and publishes it until nobody holds a token of it', () => {
    const crowd = createCrowd('https://issuer.example', options)
    for (let roll = 0; roll < 5; roll += 1) {
      const published = crowd.roll().keys.map(({ kid }) => kid)
      const before = roll === 0 ? [] : Array.from({ length: 300 }, () => keyIdOf(crowd.next().authorization))
      crowd.signWithNew()
      const after = Array.from({ length: 300 }, () => keyIdOf(crowd.next().authorization))
      for (const kid of [...before, ...after]) expect(published).toContain(kid)
      expect(after).toContain(published[0])
      expect(before).not.toContain(published[0])
    }
  })
})

describe('what a soak found', () => {
  const plan = { seconds: 3_600, processes: 4, rate: 1, seed: 1, weigh: 60 }
  const everyTenMinutes = Array.from({ length: 5 }, (_, count) => ({ what: 'redis', at: 600 * (count + 1) }))
  const calm = {
    answers: Array.from({ length: 3_600 }, (_, at) => ({ at, ms: 5 + (at % 7) })),
    weights: Array.from({ length: 60 }, (_, minute) => ({ at: 60 * minute, rss: 2 ** 27, live: 2 ** 25 })),
    events: [{ what: 'kill', at: 60 }, ...everyTenMinutes],
    faults: [] as { kind: string; at: number; detail: string }[],
    retried: 1,
  }
  const missed = (record: typeof calm): string[] =>
    summarise(record, plan)
      .promises.filter(({ kept }) => !kept)
      .map(({ what }) => what)

  it('keeps every promise when nothing grows, drifts or is lost', () => {
    expect(missed(calm)).toEqual([])
    expect(summarise(calm, plan).promises).toHaveLength(7)
  })

  it.each(['lost', 'mixed up', 'expired'])('misses one for a single answer that is %s', (kind) => {
    expect(missed({ ...calm, faults: [{ kind, at: 1, detail: '' }] })).toHaveLength(1)
  })

  it('misses one for memory that grows by two megabytes an hour', () => {
    const weights = calm.weights.map((each) => ({ ...each, rss: each.rss + (each.at / 3_600) * 2 ** 21 }))
    expect(missed({ ...calm, weights })).toEqual(['growth of resident memory, MB an hour'])
  })

  it('takes the caches that fill again after each outage for no growth, and sees one behind them', () => {
    const filled = (at: number): number => (at % 600) * 2 ** 16
    const of = (growth: number): typeof calm.weights =>
      calm.weights.map(({ at, rss, live }) => {
        const more = filled(at) + (at / 3_600) * growth
        return { at, rss: rss + more, live: live + more }
      })
    expect(missed({ ...calm, weights: of(0) })).toEqual([])
    expect(missed({ ...calm, weights: of(2 ** 21) })).toEqual([
      'growth of resident memory, MB an hour',
      'growth of the live heap, MB an hour',
    ])
  })

  it('misses one for a p99 that is a fifth higher at the end', () => {
    const answers = calm.answers.map(({ at, ms }) => ({ at, ms: at > 2_400 ? 1.2 * ms : ms }))
    expect(missed({ ...calm, answers })).toHaveLength(1)
  })

  it('draws it in light and in dark', () => {
    const { files } = summarise(calm, plan)
    expect(Object.keys(files)).toEqual(['soak-light.svg', 'soak-dark.svg'])
    for (const drawing of Object.values(files)) expect(drawing).not.toContain('NaN')
  })
})

describe('each night', () => {
  it('takes a first look at every benchmark', async () => {
    const workflow = parse(await readFile(here('../../.github/workflows/nightly.yml'), 'utf8')) as {
      readonly jobs: {
        readonly bench: { readonly strategy: { readonly matrix: { readonly name: readonly string[] } } }
      }
    }
    const runner = await readFile(here('../../benchmarks/run.mjs'), 'utf8')
    const names = [...runner.matchAll(/^ {2}(\w+): \(\) => import/gm)].map(([, name]) => name)
    expect(names).toContain('sidecar')
    expect(workflow.jobs.bench.strategy.matrix.name.toSorted()).toEqual(names.toSorted())
  })
})
