// The faults that `npm run mutate` puts into sources: each by itself, and none while no switch is thrown.
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

interface Fault {
  readonly name: string
  readonly number: number
}
interface Modules {
  readonly findFaults: (file: string, text: string) => readonly Omit<Fault, 'number'>[]
  readonly buildSwitches: (text: string, faults: readonly Fault[]) => string
  readonly createCompiler: (root: string, owner: string) => (fault: Fault) => string | undefined
  readonly drawSample: (faults: readonly Fault[], count: number, seed: number) => readonly Fault[]
}

const load = async (name: string): Promise<Partial<Modules>> =>
  (await import(new URL(`../mutation/${name}.mjs`, import.meta.url).href)) as Partial<Modules>
const { findFaults, buildSwitches, createCompiler, drawSample } = {
  ...(await load('faults')),
  ...(await load('switches')),
  ...(await load('compiler')),
  ...(await load('sample')),
} as Modules

const switches = globalThis as { faultIsOn?: ((number: number) => boolean) | undefined }
afterEach(() => {
  delete switches.faultIsOn
})

const numbered = (text: string): readonly Fault[] =>
  findFaults('file.ts', text).map((fault, number) => ({ ...fault, number }))

/** What the expression `result` of a text is for each of its faults, by the end of its name. */
async function resultsOf(text: string): Promise<Readonly<Record<string, unknown>>> {
  const faults = numbered(text)
  const built = ts.transpile(buildSwitches(text, faults), {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
  })
  const { result } = (await import(`data:text/javascript,${encodeURIComponent(built)}`)) as {
    readonly result: () => unknown
  }
  const run = (on: number | undefined): unknown => {
    switches.faultIsOn = (number) => number === on
    try {
      return result()
    } catch (error) {
      return String(error)
    }
  }
  return Object.fromEntries([
    ['no fault', run(undefined)],
    ...faults.map(({ name, number }) => [name.replace('file.ts | ', ''), run(number)] as const),
  ])
}

describe('a fault', () => {
  it('of a condition and its boundary', async () => {
    expect(await resultsOf('export function result() { let it = 1; if (it < 1) it = 5; return it }')).toEqual(
      {
        'no fault': 1,
        'literal | 1 => 1 + 1': 2,
        'condition | it < 1 => true': 5,
        'condition | it < 1 => false': 1,
        'boundary | it < 1 => (it) <= (1)': 5,
        'literal | 1 => 1 + 1 (2)': 5,
        'statement | it = 5; => ': 1,
        'literal | 5 => 5 + 1': 1,
        'result | it => undefined': undefined,
      },
    )
  })

  it('of a statement with an else behind it', async () => {
    const text =
      'export function result() {\n  let a = 0\n  if (a === 0) a += 2\n  else a += 3\n  return a\n}'
    const results = await resultsOf(text)
    expect(results).toMatchObject({
      'no fault': 2,
      'statement | a += 2 => ': 0,
      'equality | a === 0 => (a) !== (0)': 3,
    })
  })

  it('of a refusal, a default, a call, a text and its parts', async () => {
    const text = [
      'const refuse = (it) => { if (it === undefined) throw new Error("no") }',
      'export const result = () => { refuse("A"); const [a, b] = ["X", undefined]; return `${a.toLowerCase()}.${b ?? "z"}` }',
    ].join('\n')
    expect(await resultsOf(text)).toMatchObject({
      'no fault': 'x.z',
      'call | a.toLowerCase() => a': 'X.z',
      'default | b ?? "z" => b': 'x.undefined',
      'order | b ?? "z" => a.toLowerCase()': 'x.x',
      'condition | it === undefined => true': 'Error: no',
    })
  })

  it('is none of a type, of the name of a member, or of a sentence', () => {
    const text =
      "type A = 'b' | 1\ninterface C { readonly d: 'e' }\nimport f from 'g'\nconst h = { 'i': say('in words') }"
    expect(numbered(text)).toEqual([])
  })

  it('is none of a component that draws nothing: nothing is drawn of undefined either', () => {
    const text = 'const a = (it) => { if (it) return <></>; return <p>{it}</p> }'
    expect(findFaults('file.tsx', text).map(({ name }) => name)).toEqual([
      'file.tsx | condition | it => true',
      'file.tsx | condition | it => false',
      'file.tsx | result | <p>{it}</p> => undefined',
    ])
  })

  it('is none of a module that is declared for its types', () => {
    expect(
      numbered("declare module 'fastify' {\n  interface Request {\n    caller: string\n  }\n}\n"),
    ).toEqual([])
  })
})

describe('the compiler', () => {
  const source = `
export function shorten(text: string | undefined): string {
  if (text === undefined) throw new Error('none')
  const length: 'long' | 'short' = text.length > 2 ? 'long' : 'short'
  return length === 'long' ? text.slice(0, 2) : text
}
`
  let root: string
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'compiler-'))
    mkdirSync(join(root, 'packages/one/src'), { recursive: true })
    const compilerOptions = { strict: true, noUnusedLocals: true, types: [] }
    writeFileSync(
      join(root, 'packages/one/tsconfig.json'),
      JSON.stringify({ compilerOptions, include: ['src'] }),
    )
    writeFileSync(join(root, 'packages/one/src/shorten.ts'), source)
  })
  afterAll(() => {
    rmSync(root, { recursive: true })
  })

  it('refuses the faults that types tell, each by itself, and no other', () => {
    const refusalOf = createCompiler(root, 'one')
    const file = 'packages/one/src/shorten.ts'
    const told = Object.fromEntries(
      findFaults(file, source).map((fault) => [
        fault.name.replace(`${file} | `, ''),
        refusalOf(fault as Fault)?.split(':')[0] ?? 'compiles',
      ]),
    )
    expect(told).toEqual({
      'condition | text === undefined => true': 'TS18048',
      'condition | text === undefined => false': 'TS18048',
      'equality | text === undefined => (text) !== (undefined)': 'TS18048',
      "statement | throw new Error('none') => ": 'TS18048',
      "literal | 'none' => ''": 'compiles',
      'condition | text.length > 2 => true': 'compiles',
      'condition | text.length > 2 => false': 'compiles',
      'boundary | text.length > 2 => (text.length) >= (2)': 'compiles',
      'literal | 2 => 2 + 1': 'compiles',
      "literal | 'long' => ''": 'TS2322',
      "literal | 'short' => ''": 'TS2322',
      "condition | length === 'long' => true": 'compiles',
      "condition | length === 'long' => false": 'compiles',
      "equality | length === 'long' => (length) !== ('long')": 'compiles',
      "literal | 'long' => '' (2)": 'TS2367',
      "result | length === 'long' ? text.slice(0, 2) : text => undefined": 'TS2322',
      'call | text.slice(0, 2) => text': 'compiles',
      'literal | 0 => 0 + 1': 'compiles',
      'literal | 2 => 2 + 1 (2)': 'compiles',
    })
  })
})

describe('a sample', () => {
  const all = Array.from({ length: 1_000 }, (_, number) => ({ name: `fault ${number}`, number }))

  it('is the same for the same seed, and another for another', () => {
    expect(drawSample(all, 50, 7)).toEqual(drawSample(all, 50, 7))
    expect(drawSample(all, 50, 7)).not.toEqual(drawSample(all, 50, 8))
  })

  it('is the same without a fault that is not in it, and has one other in place of one that is', () => {
    const drawn = drawSample(all, 50, 7)
    const without = (left: Fault): readonly Fault[] =>
      drawSample(
        all.filter((fault) => fault !== left),
        50,
        7,
      )
    expect(without(all.find((fault) => !drawn.includes(fault))!)).toEqual(drawn)
    expect(without(drawn[0]!).filter((fault) => !drawn.includes(fault))).toHaveLength(1)
  })

  it('has each fault once, and no more than there are', () => {
    expect(new Set(drawSample(all, 2_000, 1)).size).toBe(1_000)
    expect(new Set(drawSample(all, 100, 1)).size).toBe(100)
  })
})
