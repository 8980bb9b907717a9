// docs/options.md has every option, flag and exit code as the code has them; docs/sidecar.md every setting; other pages the exit codes of their command.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8')

interface Command {
  readonly title: string
  readonly codes: Readonly<Record<number, string>>
}

interface Group {
  readonly of: readonly { readonly name: string }[]
}

const { optionsPage } = (await import(new URL('../write-options.mjs', import.meta.url).href)) as {
  readonly optionsPage: () => Promise<string>
}
const { commands, groups } = (await import(new URL('../options/groups.mjs', import.meta.url).href)) as {
  readonly commands: readonly Command[]
  readonly groups: readonly Group[]
}

describe('docs/options.md', () => {
  it('is what the docstrings and --help say: `npm run options` renews it', async () => {
    expect(read('docs/options.md')).toBe(await optionsPage())
  })

  // What these take comes from SDKs, or is made by us; nobody writes it down.
  const notWritten = [
    'GetTokenOptions',
    'GraphTokenOptions',
    'OutageOptions',
    'EnvironmentOptions',
    'RegisteredOptions',
  ]

  it('has every interface of options that is public', () => {
    const texts = ['emulator', 'midtier', 'sidecar'].map((name) => read(`packages/${name}/api.txt`)).join('')
    const names = [...texts.matchAll(/interface (\w*(?:Options|Requirements)(?:Of)?)\b/g)].map(
      ([, name = '']) => name,
    )
    expect(names.length).toBeGreaterThan(40)
    const said = groups.flatMap(({ of }) => of.map(({ name }) => name))
    expect([...new Set(names)].filter((name) => !notWritten.includes(name)).sort()).toEqual(said.sort())
  })
})

/** The codes in the table of a page, or in the lines of a help. */
const codesIn = (text: string, row: RegExp): number[] =>
  [...text.matchAll(row)].map(([, code]) => Number(code))

describe('exit codes', () => {
  const known = Object.fromEntries(
    commands.map(({ title, codes }) => [title, Object.keys(codes).map(Number)]),
  )
  const usages = read('packages/midtier/src/bin/usage.ts').split('Exit codes:').slice(1)

  it.each([
    ['midtier explain', 'docs/validating-tokens.md', 0],
    ['midtier doctor', 'docs/troubleshooting.md', 1],
    ['midtier registration', 'docs/registrations.md', 2],
    ['midtier plan', 'docs/scaling.md', 3],
  ] as const)('of %s are the same in its help, on its page %s and in docs/options.md', (title, page, at) => {
    const [, table = ''] = read(page).split('| exit code ')
    expect(codesIn(table.split('\n\n')[0] ?? '', /^\| (\d) /gm)).toEqual(known[title])
    expect(codesIn((usages[at] ?? '').split('`')[0] ?? '', /^ {2}(\d) {2}/gm)).toEqual(known[title])
  })

  it('of midtier are those that it ends with', () => {
    const [, table = ''] =
      /const exitCodes = \{([^}]*)\}/.exec(read('packages/midtier/src/bin/run-command.ts')) ?? []
    expect(codesIn(table, /: (\d)/g)).toEqual(known['midtier explain'])
  })

  it.each([
    ['midtier-emulator', 'packages/emulator/src/bin'],
    ['midtier-sidecar', 'packages/sidecar/src/bin'],
  ] as const)('of %s are those that it ends with', (title, folder) => {
    const texts = readdirSync(`${root}${folder}`)
      .map((name) => read(`${folder}/${name}`))
      .join('\n')
    const codes = codesIn(texts, /(?:exitCode = |exit\(|exitWith\?\.\(|exitCode: isWell \? 0 : )(\d)/g)
    expect([...new Set(codes)].sort()).toEqual(known[title])
  })
})

describe('docs/sidecar.md', () => {
  const [, section = ''] = /^## Settings\n([\s\S]*?)^## /m.exec(read('docs/sidecar.md')) ?? []
  const folder = 'packages/sidecar/src/config'
  const code = readdirSync(`${root}${folder}`)
    .map((name) => read(`${folder}/${name}`))
    .join('\n')
  /** What is read of a section, by the name of the setting; ASP.NET's own variables are not sections. */
  const settings = [
    ...code.matchAll(/\.(?:text|texts|flag|number|list|section)\('(\w+)'/g),
    ...code.matchAll(/demand\(section, '(\w+)'\)/g),
    ...code.matchAll(/allowed\('(\w+)'/g),
  ].map(([, name = '']) => name)

  it.each([...new Set(settings)])('has the setting %s', (name) => {
    expect(section).toMatch(new RegExp(`(?:^|[_\`…\\s])${name}(?:$|[_\`\\s])`, 'm'))
  })

  it('has no setting that nobody reads', () => {
    const said = [...section.matchAll(/`((?:AzureAd|Sidecar|DownstreamApis)?(?:…?__[\w{}]+)+)`/g)].flatMap(
      ([, path = '']) => path.split('__').filter((part) => /^[A-Z]/.test(part)),
    )
    expect(said.length).toBeGreaterThan(30)
    const known = [...settings, ...code.matchAll(/'(\w+)'/g)].map((each) =>
      typeof each === 'string' ? each : (each[1] ?? ''),
    )
    const words = new Set([...known, ...[...code.matchAll(/^ {2}(\w+): \(/gm)].map(([, name = '']) => name)])
    expect([...new Set(said)].filter((name) => !words.has(name))).toEqual([])
  })
})
