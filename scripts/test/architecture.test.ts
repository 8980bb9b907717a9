// ARCHITECTURE.md is true: what it names exists, what exists is named, and the rows of "to add X, touch Y" are complete.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const architecture = read('ARCHITECTURE.md')
const homes = {
  midtier: 'packages/midtier/src',
  emulator: 'packages/emulator/src',
  sidecar: 'packages/sidecar/src',
} as const

function between(start: string, end: string): string {
  const from = architecture.indexOf(start)
  return architecture.slice(from, architecture.indexOf(end, from + start.length))
}

function foldersOf(path: string): string[] {
  return readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
}

function filesBelow(path: string): string[] {
  return readdirSync(join(root, path), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
}

/** The paths of a text, in back-ticks: those with a slash or with the ending of a file. */
function pathsIn(text: string): string[] {
  return [...text.matchAll(/`([\w./@<>-]+)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => /\/|\.(?:tsx?|mjs|js|json|md)$/.test(path) && !path.startsWith('@'))
}

/** Of `<name>.ts` the folder counts, and that it has files of that ending. */
function isThere(base: string, path: string): boolean {
  const found = [join(root, base, path), join(root, path)]
  if (!path.includes('<')) return found.some(existsSync)
  const folder = path.slice(0, path.lastIndexOf('/'))
  return filesBelow(join(base, folder)).some((name) => name.endsWith(path.slice(path.lastIndexOf('>') + 1)))
}

describe('the prose of ARCHITECTURE.md', () => {
  const prose = architecture
    .replaceAll(/^```[\s\S]*?^```$/gm, '')
    .replace(/^In the emulator;[\s\S]*?^## /m, '')

  it.each(pathsIn(prose))('names what exists: %s', (path) => {
    expect(isThere(homes.midtier, path)).toBe(true)
  })

  it.each([...architecture.matchAll(/\]\(([^)#]+)/g)].map(([, path = '']) => path))('links to %s', (path) => {
    expect(existsSync(join(root, path))).toBe(true)
  })

  it.each(pathsIn(between('In the emulator; paths begin', 'In the sidecar;')))(
    'of the emulator: %s',
    (path) => {
      expect(isThere(homes.emulator, path)).toBe(true)
    },
  )

  it.each(pathsIn(between('In the sidecar; paths begin', '## The tree')))('of the sidecar: %s', (path) => {
    expect(isThere(homes.sidecar, path)).toBe(true)
  })
})

interface TreeRow {
  readonly room: string
  readonly names: readonly string[]
}

/** The rows below a heading of the tree: a room, and the names in it. */
function rowsOf(heading: string): TreeRow[] {
  const [, tree = ''] = /^## The tree\n+```\n([\s\S]*?)^```/m.exec(architecture) ?? []
  const lines = tree.slice(tree.indexOf(`${heading}/\n`) + heading.length + 2).split('\n')
  const end = lines.findIndex((line) => !line.startsWith('  '))
  return lines.slice(0, end === -1 ? undefined : end).map((line) => {
    const [room = '', ...names] = line
      .replace(/ — .*$/, '')
      .replace(/ \([^)]*\)$/, '')
      .trim()
      .split(/ +/)
    return { room, names: names.filter((name) => name !== '…') }
  })
}

describe.each(Object.entries(homes))('the tree of %s', (_, home) => {
  const rows = rowsOf(home)

  it('has a row for every room and every file beside the rooms, and no other', () => {
    const entries = readdirSync(join(root, home), { withFileTypes: true })
    const there = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    expect(rows.map(({ room }) => room).sort()).toEqual(there.sort())
  })

  it.each(rows.filter(({ names }) => names.length > 0))('names what stands in $room', ({ room, names }) => {
    const files = new Set(filesBelow(join(home, room)).map((name) => name.replace(/\.\w+$/, '')))
    const folders = foldersOf(join(home, room)).map((name) => `${name}/`)
    expect(names.filter((name) => !files.has(name) && !folders.includes(name))).toEqual([])
  })
})

describe('the tree of the repository', () => {
  const [, tree = ''] = /^## The tree\n+```\n([\s\S]*?)^```/m.exec(architecture) ?? []
  const rows = [...tree.matchAll(/^([a-z]\S*\/) +(\S.*?) — /gm)]

  it.each(rows.map(([, folder = '', names = '']) => [folder, names] as const))(
    'is true of %s',
    (folder, names) => {
      const there = readdirSync(join(root, folder)).map((name) => name.replace(/\.\w+$/, ''))
      expect(there).toEqual(expect.arrayContaining(names.replaceAll(/[/…]/g, '').trim().split(/ +/)))
    },
  )

  it('has the folders that matter', () => {
    expect(rows.length).toBeGreaterThan(3)
  })
})

describe('the dependency rule', () => {
  interface Rule {
    readonly name: string
  }
  const { forbidden } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
    readonly forbidden: readonly Rule[]
  }

  it.each([
    ['layer-', homes.midtier],
    ['emulator-layer-', homes.emulator],
    ['sidecar-layer-', homes.sidecar],
  ])('has a row for every room: %s', (prefix, home) => {
    const rooms = forbidden.flatMap(({ name }) => (name.startsWith(prefix) ? name.slice(prefix.length) : []))
    expect(rooms.sort()).toEqual(foldersOf(home).sort())
  })
})

describe('an entry point', () => {
  const manifest = JSON.parse(read('packages/midtier/package.json')) as {
    readonly exports: Readonly<Record<string, unknown>>
    readonly typesVersions: { readonly '*': Readonly<Record<string, unknown>> }
  }
  const entries = Object.keys(manifest.exports)
    .filter((entry) => entry !== './package.json')
    .map((entry) => entry.slice(2) || 'index')
  const bundled = /folder: 'packages\/midtier',\s+entries: \{([^}]*)\}/.exec(read('scripts/bundle.mjs'))?.[1]
  const modules = Object.fromEntries(
    [...(bundled ?? '').matchAll(/^\s*'?([\w-]+)'?: '([^']+)'/gm)].map(([, name = '', path = '']) => [
      name,
      path,
    ]),
  )

  it('has a module that is bundled, and the other way round', () => {
    expect(Object.keys(modules).sort()).toEqual(entries.sort())
  })

  it('is found by compilers that read typesVersions', () => {
    const others = entries.filter((entry) => entry !== 'index')
    expect(Object.keys(manifest.typesVersions['*']).sort()).toEqual(others.sort())
  })

  it('is what adapters, SDKs and stores are for', () => {
    const rooms = new Set(Object.values(modules).map((path) => path.split('/')[0]))
    expect([...rooms]).toEqual(expect.arrayContaining(['adapters', 'sdk', 'stores', 'testing']))
    for (const path of Object.values(modules))
      expect(existsSync(join(root, homes.midtier, `${path}.ts`))).toBe(true)
  })

  it('that is a store runs the conformance cases', () => {
    const stores = Object.values(modules).filter((path) => path.startsWith('stores/'))
    expect(stores.length).toBeGreaterThan(2)
    const tests = filesBelow('packages/midtier/test/stores').filter((name) => name.endsWith('.test.ts'))
    for (const store of stores) {
      const own = tests.filter((name) => name.startsWith(`${store.slice('stores/'.length)}.`))
      expect(
        own.some((name) => read(`packages/midtier/test/stores/${name}`).includes('describeConformance(')),
      ).toBe(true)
    }
  })
})

describe('an adapter of a framework', () => {
  const home = `${homes.midtier}/adapters`
  // The gate of MCP servers is more than a translator: it reads what a request asks for.
  const files = readdirSync(join(root, home), { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.startsWith('mcp/'),
  )

  it.each(files)('translates in a hundred lines of code at most: %s', (path) => {
    expect(codeLines(read(`${home}/${path}`))).toBeLessThanOrEqual(100)
  })
})

/** Lines that hold code: no comments, no imports. */
function codeLines(text: string): number {
  const file = ts.createSourceFile('adapter.ts', text, ts.ScriptTarget.ESNext, true)
  const lines = new Set<number>()
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node) || ts.isImportDeclaration(node)) return
    const children = node.getChildren(file)
    children.forEach(visit)
    if (children.length > 0 || node.kind === ts.SyntaxKind.EndOfFileToken) return
    const [first, last] = [node.getStart(file), node.getEnd()].map(
      (position) => file.getLineAndCharacterOfPosition(position).line,
    )
    for (let line = first ?? 0; line <= (last ?? 0); line += 1) lines.add(line)
  }
  visit(file)
  return lines.size
}

describe('a requirement of a route', () => {
  const checks = read(`${homes.midtier}/protect/requirements/requirement-checks.ts`)
  const names = [...checks.matchAll(/^ {2}name: '(\w+)'/gm)].map(([, name = '']) => name)
  const members = /const known = \[([^\]]*)\]/.exec(
    read(`${homes.midtier}/protect/requirements/requirements.ts`),
  )?.[1]
  const options = [...(members ?? '').matchAll(/'(\w+)'/g)].map(([, name = '']) => name)

  it.each([...names, ...options])('is in the documentation: %s', (name) => {
    expect(read('docs/validating-tokens.md')).toMatch(new RegExp(`\\b${name}\\b`))
  })
})

describe('a grant', () => {
  const names = /type GrantName =\s*([^\n]+)/.exec(read(`${homes.midtier}/kernel/observer.ts`))?.[1] ?? ''

  it.each([...names.matchAll(/'(\w+)'/g)].map(([, name = '']) => name))(
    'has its file and its row: %s',
    (name) => {
      const file = `${name.replaceAll('_', '-')}.ts`
      expect(existsSync(join(root, homes.midtier, 'grants', file))).toBe(true)
      const table = read(`${homes.midtier}/grants/grants.ts`)
      expect(table).toContain(`'./${file}'`)
      expect(table).toMatch(new RegExp(`^  ${name}: `, 'm'))
    },
  )
})

describe('an error', () => {
  const classes = [...read(`${homes.midtier}/kernel/errors/errors.ts`).matchAll(/^export class (\w+)/gm)]

  it.each(classes.map(([, name = '']) => name))('is known by its code, answered and exported: %s', (name) => {
    const known = read(`${homes.midtier}/kernel/errors/known-errors.ts`)
    const code = new RegExp(`readonly (\\w+): ${name}\\b`).exec(known)?.[1]
    expect(code).toBeDefined()
    expect(read(`${homes.midtier}/answer/render.ts`)).toContain(`case '${code}':`)
    expect(read(`${homes.midtier}/index.ts`)).toMatch(new RegExp(`^  ${name},$`, 'm'))
  })
})

/** The names of an interface's members. */
function membersOf(path: string, name: string): string[] {
  const source = ts.createSourceFile(path, read(path), ts.ScriptTarget.ES2023, true)
  const found = source.statements.find(
    (node): node is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(node) && node.name.text === name,
  )
  return (found?.members ?? []).flatMap((member) => member.name?.getText() ?? [])
}

describe('in the emulator', () => {
  const of = (path: string): string => `${homes.emulator}/${path}`

  it.each([
    ...membersOf(of('faults/faults.ts'), 'FaultCondition'),
    ...membersOf(of('faults/faults.ts'), 'FaultEffect'),
  ])('what a fault may say is checked: %s', (name) => {
    expect(read(of('faults/fault-schema.ts'))).toContain(`    ${name}: `)
  })

  it.each(membersOf(of('faults/faults.ts'), 'FaultEffect'))('what a fault says is done: %s', (name) => {
    expect(read(of('faults/apply-faults.ts'))).toMatch(
      new RegExp(`effect\\.${name}\\b|[{,] ${name}[ ,].*FaultEffect`),
    )
  })

  it.each(membersOf(of('emulator/options.ts'), 'EmulatorOptions'))(
    'an option is known and read: %s',
    (name) => {
      expect(read(of('emulator/options.ts'))).toContain(`  '${name}',`)
      expect(read(of('emulator/options.ts'))).toContain(`options.${name}`)
    },
  )

  it('every page is attacked with hostile texts', () => {
    const pages = filesBelow(of('ui')).filter((name) => name.endsWith('-page.tsx'))
    const attacked = read('packages/emulator/test/ui/all-pages.tsx')
    expect(pages.length).toBeGreaterThan(5)
    expect(pages.filter((name) => !attacked.includes(`ui/${name}'`))).toEqual([])
  })

  it('every kind of policy demands something', () => {
    const [, union = ''] = /type PolicyKind =\n([\s\S]*?)\n\n/.exec(read(of('directory/policy.ts'))) ?? []
    const kinds = [...union.matchAll(/\| '(\w+)'/g)].map(([, name = '']) => name)
    expect(kinds.length).toBeGreaterThan(4)
    for (const path of ['directory/policy-schema.ts', 'policies/demands.ts', 'ui/policy-list.tsx'])
      expect(kinds.filter((kind) => !new RegExp(`\\b${kind}\\b`).test(read(of(path))))).toEqual([])
  })

  it('every grant is known by its type', () => {
    const [, imports = ''] = /^([\s\S]*?)\nexport/.exec(read(of('grants/grants.ts'))) ?? []
    const files = [...imports.matchAll(/import \{ (\w+) \}/g)].map(([, name = '']) => name)
    expect(files.length).toBeGreaterThan(3)
    expect(files.filter((name) => !read(of('grants/grants.ts')).includes(`', ${name}],`))).toEqual([])
  })
})
