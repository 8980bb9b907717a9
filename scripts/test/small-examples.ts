// The examples that are a folder each and nothing around it: an API, `try.mjs`, which tries it, and the page that says what that prints.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of all examples, with a slash at its end. */
export const examplesFolder: string = fileURLToPath(new URL('../../examples/', import.meta.url))

/** What a small example's package.json says. */
export interface ExampleManifest {
  readonly name?: string
  readonly private?: boolean
  readonly type?: string
  readonly description?: string
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** A small example. */
export interface SmallExample {
  readonly name: string
  /** Path inside the folder → text. */
  readonly files: Readonly<Record<string, string>>
  readonly manifest: ExampleManifest
  /** Name → version, of what it runs with and of what tries it. */
  readonly dependencies: Readonly<Record<string, string>>
}

// The whole scenarios, and what is in other languages: each has a suite of its own.
const others = new Set(['agent', 'java-api', 'mcp-server', 'python-api', 'todolist'])
const notOurs = /^(node_modules|dist|build)(\/|$)/

/** Every small example, by name. */
export function listSmallExamples(): SmallExample[] {
  return readdirSync(examplesFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !others.has(entry.name))
    .map(({ name }) => readExample(name))
}

/** What `npm start` prints, as the page of an example shows it. */
export function printedBy({ files }: SmallExample): string | undefined {
  return /^```text\n([\s\S]*?)^```$/m.exec(files['README.md'] ?? '')?.[1]
}

function readExample(name: string): SmallExample {
  const folder = join(examplesFolder, name)
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => !notOurs.test(path))
  const files = Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]))
  const manifest = JSON.parse(files['package.json'] ?? '{}') as ExampleManifest
  return { name, files, manifest, dependencies: { ...manifest.dependencies, ...manifest.devDependencies } }
}
