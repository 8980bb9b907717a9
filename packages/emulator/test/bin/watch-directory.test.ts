// A directory file that is edited while the emulator runs is read again; one with a mistake changes nothing.
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runCommand } from '../../src/bin/command-line.ts'
import { defaultDirectory, type DirectoryData, type Emulator } from '../../src/index.ts'

let folder: string
let file: string
let emulator: Emulator | undefined
const told: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'directory-'))
  file = join(folder, 'contoso.json')
  await writeFile(file, JSON.stringify(defaultDirectory))
  emulator = await runCommand(['--port', '0', '--directory', file], {
    write: () => undefined,
    writeError: (text) => told.push(text),
  })
})
afterAll(async () => {
  await emulator?.stop()
  await rm(folder, { recursive: true })
})

const renamed = (displayName: string): DirectoryData => ({
  ...defaultDirectory,
  users: defaultDirectory.users.map((user, index) => (index === 0 ? { ...user, displayName } : user)),
})
const firstName = (): string | undefined => emulator?.directory.users[0]?.displayName
const patience = { timeout: 60_000, interval: 20 }

describe('a directory file', () => {
  it('is read again when it is written', async () => {
    await writeFile(file, JSON.stringify(renamed('Alice the First')))
    await vi.waitFor(() => expect(firstName()).toBe('Alice the First'), patience)
  })

  it('is read again when another one takes its place, as many editors save', async () => {
    await writeFile(`${file}.new`, JSON.stringify(renamed('Alice the Second')))
    await rename(`${file}.new`, file)
    await vi.waitFor(() => expect(firstName()).toBe('Alice the Second'), patience)
  })

  it('with a mistake is told by its path, and changes nothing', async () => {
    const [tenant] = defaultDirectory.tenants
    await writeFile(file, JSON.stringify({ ...renamed('Nobody'), tenants: [{ ...tenant, domains: [] }] }))
    await vi.waitFor(() => expect(told.at(-1)).toContain('directory.tenants.0.domains'), patience)
    await writeFile(file, '{ half')
    await vi.waitFor(() => expect(told.at(-1)).toMatch(/not read again.*JSON/), patience)
    expect(firstName()).toBe('Alice the Second')
  })

  it('leaves what was switched by hand, unless it says something else about it', async () => {
    const [first, second] = emulator?.policies.list() ?? []
    emulator?.policies.enable(first?.id ?? '')
    emulator?.policies.enable(second?.id ?? '')
    const added = emulator?.policies.add({ kind: 'block', name: 'By hand' })
    const policies = (defaultDirectory.policies ?? []).map((policy, index) =>
      index === 1 ? { ...policy, name: 'Another name' } : policy,
    )
    const { consents = [] } = defaultDirectory
    await writeFile(
      file,
      JSON.stringify({ ...renamed('Alice the Third'), policies, consents: consents.slice(1) }),
    )
    await vi.waitFor(() => expect(firstName()).toBe('Alice the Third'), patience)
    await vi.waitFor(() => expect(emulator?.policies.find('Another name')?.enabled).toBe(false), patience)
    expect(emulator?.policies.find(first?.id ?? '')?.enabled).toBe(true)
    expect(emulator?.policies.find(added?.id ?? '')?.name).toBe('By hand')
    expect(emulator?.directory.consents.list()).toHaveLength(consents.length - 1)
  })
})
