import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

function markdownFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    if (['node_modules', 'dist', 'build', '.git', 'artifacts', '.midtier'].includes(name)) return []
    const path = join(folder, name)
    return statSync(path).isDirectory() ? markdownFiles(path) : name.endsWith('.md') ? [path] : []
  })
}

const blocks = markdownFiles(root).flatMap((path) =>
  [...readFileSync(path, 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match, index) => ({
    name: `${path.slice(root.length)} block ${index + 1}`,
    // Beside the packages, so that their names resolve as they do for a user.
    file: join(
      root,
      'packages',
      'midtier',
      `docs-block-${index}-${path.slice(root.length).replaceAll(/\W/g, '-')}.ts`,
    ),
    text: `${match[1] ?? ''}\nexport {}\n`,
  })),
)

const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: ['node'],
  skipLibCheck: true,
}

/** What the compiler says of every block, against the built packages that a user would import. */
function diagnose(): Map<string, string[]> {
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

describe('every TypeScript block in the documentation', () => {
  const diagnostics = diagnose()

  it('is found', () => {
    expect(blocks.some(({ name }) => name.startsWith('README.md'))).toBe(true)
  })

  it.each(blocks)('compiles against the built packages: $name', ({ file }) => {
    expect(diagnostics.get(file) ?? []).toEqual([])
  })
})
