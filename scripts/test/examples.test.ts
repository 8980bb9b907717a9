// Every small example has what a reader of docs/examples.md counts on: its files, their length, their types, a row, links that lead somewhere.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { slug } from '../../site/.vitepress/slug.ts'
import { type ExampleManifest, examplesFolder, listSmallExamples, printedBy } from './small-examples.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const page = readFileSync(join(root, 'docs/examples.md'), 'utf8')
const examples = listSmallExamples()
const { workspaces } = readManifest('.') as { readonly workspaces: readonly string[] }
// Without the benchmarks: what they measure against has versions of its own.
const manifests = ['.', ...workspaces.flatMap(foldersOf)]
  .filter((each) => each !== 'benchmarks')
  .map(readManifest)
const messages = diagnose()

describe('docs/examples.md', () => {
  it('has a row for every folder of examples/, and no other', () => {
    const rows = [...page.matchAll(/^\| \[([\w-]+)\]\(\.\.\/examples\/([\w-]+)\)/gm)]
    const folders = readdirSync(examplesFolder, { withFileTypes: true }).filter((each) => each.isDirectory())
    expect(rows.map(([, , folder]) => folder).sort()).toEqual(folders.map(({ name }) => name).sort())
    for (const [row, text, folder] of rows) expect(text, row).toBe(folder)
  })
})

describe.each(examples.map((example) => [example.name, example] as const))('examples/%s', (name, example) => {
  const { files, manifest, dependencies } = example
  const programs = Object.entries(files).filter(([path]) => /\.m?[jt]s$/.test(path))
  const readme = files['README.md'] ?? ''

  it('has a manifest, programs, and a page', () => {
    expect(Object.keys(files)).toEqual(expect.arrayContaining(['README.md', 'package.json', 'try.mjs']))
    expect(programs.length).toBeGreaterThan(1)
    expect(printedBy(example)).toBeDefined()
  })

  it('has a manifest like the others', () => {
    expect(manifest).toMatchObject({ name: `example-${name}`, private: true, type: 'module' })
    expect(manifest.description).not.toMatch(/^$|\.$/)
    expect(manifest.scripts?.['start']).toMatch(/node try\.mjs$/)
    expect(
      Object.values(dependencies).filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
    ).toEqual([])
    expect(manifest.dependencies).toHaveProperty('midtier')
  })

  it('names the versions that the other workspaces name', () => {
    const differing = Object.entries(dependencies).filter(([dependency, version]) =>
      versionsOf(dependency).some((other) => other !== version),
    )
    expect(differing).toEqual([])
  })

  it('can be read in one sitting', () => {
    for (const [path, text] of programs) expect(linesOf(text), path).toBeLessThanOrEqual(100)
    expect(linesOf(readme)).toBeLessThanOrEqual(70)
  })

  it('has the types that it says', () => {
    for (const [path, text] of programs.filter(([each]) => each.endsWith('.mjs')))
      expect(text, path).toMatch(/^\/\/ @ts-check\n\/\/ \S/)
    expect(messages.filter((message) => message.startsWith(`${name}/`))).toEqual([])
  })

  it('has links that lead somewhere', () => {
    const links = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
    const dead = links.filter(
      (link) => !link.startsWith('https:') && !leads(join(examplesFolder, name), link),
    )
    expect(links.length).toBeGreaterThan(0)
    expect(dead).toEqual([])
  })

  it('shows code of its own programs', () => {
    const written = new Set(programs.flatMap(([, text]) => trimmedLines(text)))
    const shown = [...readme.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)
    expect(shown.length).toBeGreaterThan(0)
    expect(shown.flatMap(trimmedLines).filter((line) => !written.has(line))).toEqual([])
  })
})

function readManifest(folder: string): ExampleManifest & { readonly workspaces?: readonly string[] } {
  const path = join(root, folder, 'package.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as ExampleManifest) : {}
}

function foldersOf(workspace: string): string[] {
  if (!workspace.endsWith('/*')) return [workspace]
  const parent = workspace.slice(0, -2)
  return readdirSync(join(root, parent)).map((name) => `${parent}/${name}`)
}

/** The versions of a package that the manifests of the repository name. */
function versionsOf(dependency: string): string[] {
  return manifests.flatMap(({ dependencies, devDependencies }) => {
    const version = devDependencies?.[dependency] ?? dependencies?.[dependency]
    return version !== undefined && /^\d/.test(version) ? [version] : []
  })
}

function linesOf(text: string): number {
  return text.trimEnd().split('\n').length
}

function trimmedLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function leads(folder: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = join(folder, path)
  if (anchor === undefined || !existsSync(target)) return existsSync(target)
  const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.*)$/gm)]
  return headings.some(([, heading = '']) => slug(heading) === anchor)
}

/** What the compiler says of the programs, each with the path inside examples/: of those in TypeScript by their own settings. */
function diagnose(): string[] {
  const own = examples.filter(({ files }) => 'tsconfig.json' in files)
  return ['tsconfig.json', ...own.map(({ name }) => `${name}/tsconfig.json`)].flatMap((path) => {
    const config = join(examplesFolder, path)
    const { config: json } = ts.readConfigFile(config, (file) => readFileSync(file, 'utf8')) as {
      config: unknown
    }
    const { options, fileNames } = ts.parseJsonConfigFileContent(json, ts.sys, dirname(config))
    const program = ts.createProgram(fileNames, { ...options, noEmit: true })
    return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
      const where = file === undefined ? path : relative(examplesFolder, file.fileName).replaceAll('\\', '/')
      return `${where}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
    })
  })
}
