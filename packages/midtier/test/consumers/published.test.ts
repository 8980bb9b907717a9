// What lies in node_modules after `npm install`: its weight, what is in it and what is not, and whether declarations tell the truth.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { express5 } from './dependencies.ts'

const repository = fileURLToPath(new URL('../../../../', import.meta.url))

const files = {
  // Blocks of the disk, as `du` counts them, of a package and of what it cannot do without.
  'weight.mjs': `
    import { readFileSync, readdirSync, statSync } from 'node:fs'
    import { join } from 'node:path'
    const home = join(import.meta.dirname, '../node_modules')
    const found = new Map()
    const kilobytes = (path) => {
      const here = statSync(path)
      const below = here.isDirectory() ? readdirSync(path).filter((name) => name !== 'node_modules') : []
      return below.reduce((sum, name) => sum + kilobytes(join(path, name)), here.blocks / 2)
    }
    const visit = (name) => {
      if (found.has(name)) return
      found.set(name, kilobytes(join(home, name)))
      const { dependencies = {} } = JSON.parse(readFileSync(join(home, name, 'package.json'), 'utf8'))
      for (const dependency of Object.keys(dependencies)) visit(dependency)
    }
    visit('midtier')
    console.log(JSON.stringify(Object.fromEntries(found)))
  `,
  'files.mjs': `
    import { readdirSync } from 'node:fs'
    import { join, relative } from 'node:path'
    const home = join(import.meta.dirname, '../node_modules')
    const found = Object.fromEntries(['midtier', '@midtier/emulator'].map((name) => [
      name,
      readdirSync(join(home, name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(join(home, name), join(entry.parentPath, entry.name)))
        .filter((path) => !path.includes('node_modules')),
    ]))
    console.log(JSON.stringify(found))
  `,
  // Of each entry: the values that its declarations promise, and those that are there.
  'values.mjs': `
    import { readFileSync } from 'node:fs'
    import ts from 'typescript'
    const found = {}
    for (const name of ['midtier', '@midtier/emulator']) {
      const home = new URL('../node_modules/' + name + '/', import.meta.url)
      const manifest = JSON.parse(readFileSync(new URL('package.json', home), 'utf8'))
      for (const [entry, { import: conditions }] of Object.entries(manifest.exports)) {
        if (conditions === undefined) continue
        const specifier = name + entry.slice(1)
        found[specifier] = { promised: values(new URL(conditions.types, home)), there: Object.keys(await import(specifier)).sort() }
      }
    }
    console.log(JSON.stringify(found))

    function values(url) {
      const program = ts.createProgram([url.pathname], { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext })
      const checker = program.getTypeChecker()
      return checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(url.pathname)))
        .filter((symbol) => !isOnlyType(symbol) && resolve(symbol).flags & ts.SymbolFlags.Value)
        .map(({ name }) => name).sort()

      function resolve(symbol) {
        return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
      }
    }

    function isOnlyType({ declarations: [first] }) {
      return ts.isExportSpecifier(first) && (first.isTypeOnly || first.parent.parent.isTypeOnly)
    }
  `,
}

const dependencies = {
  ...express5,
  '@nestjs/common': '11.2.8',
  '@nestjs/core': '11.2.8',
  '@opentelemetry/api': '1.9.1',
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
}
const project = consumer({ dependencies, files })
const read = async (program: string): Promise<unknown> => JSON.parse(await project.run('node', [program]))

describe('what is published', () => {
  test('weighs no more than 2 048 KB, in three packages at most', async () => {
    const weights = (await read('weight.mjs')) as Record<string, number>
    const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0)
    expect(Object.keys(weights)).toContain('jose')
    expect(Object.keys(weights).length).toBeLessThanOrEqual(3)
    expect(total).toBeGreaterThan(500)
    expect(total).toBeLessThanOrEqual(2048)
  })

  test('is code, declarations and what a reader needs: no sources, no maps', async () => {
    const found = (await read('files.mjs')) as Record<string, string[]>
    for (const [name, paths] of Object.entries(found)) {
      const surprising = paths.filter(
        (path) =>
          !/^(dist\/(esm|cjs)\/[\w.-]+\.(js|cjs|d\.ts|d\.cts)|dist\/LICENSE-[\w-]+\.md|assets\/[\w.-]+|package\.json|README\.md|LICENSE)$/.test(
            path,
          ),
      )
      expect(surprising, name).toEqual([])
      expect(paths, name).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']))
    }
  })

  test('exports every value that the declarations promise, and no other', async () => {
    const found = (await read('values.mjs')) as Record<string, { promised: string[]; there: string[] }>
    expect(Object.keys(found)).toEqual(
      expect.arrayContaining([
        'midtier',
        'midtier/express',
        '@midtier/emulator',
        '@midtier/emulator/testing',
      ]),
    )
    for (const [entry, { promised, there }] of Object.entries(found)) {
      expect(there.length, entry).toBeGreaterThan(0)
      expect(promised, entry).toEqual(there)
    }
  })

  test.for(['midtier', 'emulator', 'sidecar'])(
    'says where %s comes from, with links that lead somewhere',
    (name) => {
      const home = `${repository}packages/${name}/`
      const manifest = JSON.parse(readFileSync(`${home}package.json`, 'utf8')) as {
        repository: { url: string }
      }
      expect(manifest).toMatchObject({
        license: 'MIT',
        repository: { type: 'git', directory: `packages/${name}` },
        bugs: expect.stringMatching(/^https:/),
        homepage: expect.stringMatching(/^https:/),
      })
      const base = manifest.repository.url.replace(/^git\+/, '').replace(/\.git$/, '/blob/main/')
      const readme = readFileSync(`${home}README.md`, 'utf8')
      const links = [...readme.matchAll(/\]\(([^)#]+)/g)].map(([, target]) => target ?? '')
      expect(links.length).toBeGreaterThan(0)
      for (const link of links) {
        expect(link).toMatch(/^https:/)
        if (link.startsWith(base)) expect(existsSync(repository + link.slice(base.length)), link).toBe(true)
      }
    },
  )
})
