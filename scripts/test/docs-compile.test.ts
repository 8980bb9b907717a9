import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { type DocBlock, exampleBlocks, markdownBlocks, publicNames } from './doc-blocks.ts'

const documents = markdownBlocks()
const examples = exampleBlocks()
const blocks = [...documents, ...examples]

type Paths = Readonly<Record<string, string[]>>

const aliases: Paths = Object.fromEntries(
  documents.flatMap(({ alias, file }) => (alias === undefined ? [] : [[alias, [file]]])),
)

const everywhere = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: ['node'],
  experimentalDecorators: true, // as Nest's applications have it
  skipLibCheck: true,
}

/** What the compiler says of every block, against the built packages that a user would import. */
function diagnose(blocks: readonly DocBlock[], paths: Paths = {}): Map<string, string[]> {
  const options = { ...everywhere, paths: { ...aliases, ...paths } }
  const host = ts.createCompilerHost(options)
  const plain = { ...host }
  const texts = new Map(blocks.map((block) => [block.file, block.text]))
  host.fileExists = (name) => texts.has(name) || plain.fileExists(name)
  host.readFile = (name) => texts.get(name) ?? plain.readFile(name)
  host.getSourceFile = (name, ...rest) => {
    const text = texts.get(name)
    return text === undefined
      ? plain.getSourceFile(name, ...rest)
      : ts.createSourceFile(name, text, ts.ScriptTarget.ES2023)
  }
  const program = ts.createProgram([...texts.keys()], options, host)
  const found = new Map<string, string[]>()
  for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
    const file = diagnostic.file?.fileName ?? ''
    found.set(file, [
      ...(found.get(file) ?? []),
      ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'),
    ])
  }
  return found
}

const isOnNest = ({ text }: DocBlock): boolean => text.includes("'@nestjs/platform-fastify'")

// What tells the compiler about one application would be told of all of them.
const isAlone = (block: DocBlock): boolean => block.text.includes('declare module') || isOnNest(block)
const together = blocks.filter((block) => !isAlone(block))
const alone = blocks.filter(isAlone)

// Nest brings a Fastify of its own, which is the only one where a user installs no other; here there are two.
const { resolve } = createRequire(createRequire(import.meta.url).resolve('@nestjs/platform-fastify'))
const nestsFastify: Paths = { fastify: [join(dirname(resolve('fastify')), 'fastify.d.ts')] }

const diagnostics = new Map([
  ...diagnose(together),
  ...alone.flatMap((block) => [...diagnose([block], isOnNest(block) ? nestsFastify : {})]),
])

function named(block: DocBlock): [string, DocBlock] {
  return [block.name, block]
}

describe('every TypeScript block in the documentation', () => {
  it('is found', () => {
    expect(documents.some(({ name }) => name.startsWith('README.md'))).toBe(true)
  })

  it.each(documents.map(named))('compiles against the built packages: %s', (_, { file }) => {
    expect(diagnostics.get(file) ?? []).toEqual([])
  })
})

describe('every example in a docstring', () => {
  it.each(examples.map(named))('compiles against the built packages: %s', (_, { file }) => {
    expect(diagnostics.get(file) ?? []).toEqual([])
  })

  // Adapters have the same words, each with an example in the words of its framework.
  it.each([...publicNames])('has every public function of %s for its subject', (entry, names) => {
    const functions = names
      .filter(([, value]) => typeof value === 'function' && !String(value).startsWith('class'))
      .map(([name]) => name)
    const isOfEntry = (adapter: string | undefined): boolean =>
      adapter === undefined || entry === `midtier/${adapter}`
    const shown = new Set(examples.filter(({ adapter }) => isOfEntry(adapter)).map(({ of }) => of))
    expect(functions.filter((name) => !shown.has(name))).toEqual([])
  })
})
