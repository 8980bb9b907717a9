// What runs the sidecar elsewhere: the image, the manifest for a cluster and the unit for a host say what the code and the platforms know.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Emulator } from '@midtier/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { run } from './process.ts'
import { middleTierVariables, startEmulator } from './scenario.ts'

const home = fileURLToPath(new URL('..', import.meta.url))
const root = join(home, '../..')
const read = (name: string): string => readFileSync(join(home, 'deploy', name), 'utf8')
const published = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
  version: string
  bin: Record<string, string>
}

/** A folder as both deployments have it, with the package in its node_modules. */
function install(): string {
  const folder = mkdtempSync(join(tmpdir(), 'midtier-deploy-'))
  cpSync(join(home, 'dist'), join(folder, 'node_modules/@midtier/sidecar/dist'), { recursive: true })
  cpSync(join(home, 'package.json'), join(folder, 'node_modules/@midtier/sidecar/package.json'))
  const around = join(root, 'node_modules')
  for (const name of readdirSync(around).filter((each) => !each.startsWith('@') && !each.startsWith('.')))
    symlinkSync(join(around, name), join(folder, 'node_modules', name))
  return folder
}

let emulator: Emulator
let folder: string
beforeAll(async () => {
  emulator = await startEmulator()
  folder = install()
})
afterAll(async () => {
  await emulator.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** `A=1 B=2` */
function pairsOf(text: string): Record<string, string> {
  return Object.fromEntries(text.split(' ').map((pair) => pair.split('='))) as Record<string, string>
}

/** Starts what a deployment starts, and asks it as a probe does. */
async function probe(command: string, args: readonly string[], more: Record<string, string>): Promise<void> {
  const variables = { ...middleTierVariables(emulator, emulator.origin), ...more }
  const sidecar = run(command, args, { cwd: folder, variables })
  const { port } = new URL(await sidecar.url)
  expect(await (await fetch(`http://127.0.0.1:${port}/healthz`)).text()).toBe('Healthy')
  await expect
    .poll(async () => (await fetch(`http://127.0.0.1:${port}/healthz/ready`)).status, { timeout: 60_000 })
    .toBe(200)
  sidecar.kill('SIGTERM')
  expect(await sidecar.ended).toBe(0)
}

describe('the image', () => {
  const stages = read('Dockerfile')
    .split(/^FROM /m)
    .slice(1)
  const last = stages.at(-1) ?? ''
  const instruction = (name: string): string => new RegExp(`^${name} (.+)$`, 'm').exec(last)?.[1] ?? ''

  it('installs the version that this is', () => {
    expect(read('Dockerfile')).toContain(`ARG VERSION=${published.version}\n`)
  })

  it('runs as nobody, by the command of the package', () => {
    const [user, group] = instruction('USER').split(':').map(Number)
    expect([user, group].every((id) => Number.isInteger(id) && id !== 0)).toBe(true)
    const path = (JSON.parse(instruction('ENTRYPOINT')) as string[]).at(-1)
    expect(path).toBe(join('node_modules/@midtier/sidecar', published.bin['midtier-sidecar'] ?? ''))
  })

  it('starts as its entry point says, with what it sets', async () => {
    const [node, ...args] = JSON.parse(instruction('ENTRYPOINT')) as string[]
    expect(node).toBe('node')
    const set = pairsOf(instruction('ENV'))
    expect(set['ASPNETCORE_HTTP_PORTS']).toBe(instruction('EXPOSE'))
    // Whatever port is free here.
    await probe(process.execPath, args, { ...set, ASPNETCORE_HTTP_PORTS: '0' })
  })
})

describe('the manifest', () => {
  interface Probe {
    readonly httpGet: { readonly path: string; readonly port: string }
  }
  interface Container {
    readonly name: string
    readonly image: string
    readonly restartPolicy?: string
    readonly ports?: readonly { readonly name: string; readonly containerPort: number }[]
    readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[]
    readonly securityContext: Readonly<Record<string, unknown>>
    readonly startupProbe: Probe
    readonly readinessProbe: Probe
    readonly livenessProbe: Probe
  }
  interface Template {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> }
    readonly spec: {
      readonly serviceAccountName: string
      readonly terminationGracePeriodSeconds: number
      readonly securityContext: Readonly<Record<string, unknown>>
      readonly initContainers: readonly [Container]
      readonly containers: readonly [Container]
    }
  }
  interface Manifest {
    readonly apiVersion: string
    readonly kind: string
    readonly metadata: { readonly name: string; readonly annotations?: object }
    readonly data?: Readonly<Record<string, string>>
    readonly spec?: { readonly selector: { readonly matchLabels: object }; readonly template: Template }
  }
  const documents = parseAllDocuments(read('kubernetes.yaml'))
  const objects = documents.map((document) => document.toJS() as Manifest)
  const find = (kind: string): Manifest => {
    const found = objects.find((each) => each.kind === kind)
    if (found === undefined) throw new Error(`there is no ${kind}`)
    return found
  }
  const deployment = (): NonNullable<Manifest['spec']> => {
    const { spec } = find('Deployment')
    if (spec === undefined) throw new Error('the deployment has no spec')
    return spec
  }
  const { template, selector } = deployment()
  const settings = find('ConfigMap').data ?? {}

  it('is YAML without a doubt, of kinds that a cluster has', () => {
    for (const { errors, warnings } of documents) expect([...errors, ...warnings]).toEqual([])
    expect(objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual([
      'v1 ServiceAccount',
      'v1 ConfigMap',
      'apps/v1 Deployment',
    ])
  })

  it('names its own objects, and has the label and the annotation of workload identity', () => {
    const { metadata, spec } = template
    const account = find('ServiceAccount').metadata
    expect(spec.serviceAccountName).toBe(account.name)
    expect(Object.keys(account.annotations ?? {})).toEqual(['azure.workload.identity/client-id'])
    expect(metadata.labels['azure.workload.identity/use']).toBe('true')
    expect(metadata.labels).toMatchObject(selector.matchLabels)
    const [from] = spec.initContainers[0].envFrom ?? []
    expect(from?.configMapRef.name).toBe(find('ConfigMap').metadata.name)
  })

  it('keeps both containers from what they do not need', () => {
    const { spec } = template
    expect(spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    })
    for (const { securityContext } of [...spec.initContainers, ...spec.containers])
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
  })

  it('probes what is answered to other hosts, where the image listens, and waits for a stop', () => {
    const { spec } = template
    const [sidecar] = spec.initContainers
    expect(sidecar.restartPolicy).toBe('Always')
    expect(sidecar.image).toBe(`midtier-sidecar:${published.version}`)
    expect(sidecar.ports).toEqual([{ name: 'sidecar', containerPort: 8080 }])
    const probes = (['startupProbe', 'readinessProbe', 'livenessProbe'] as const).map(
      (name) => sidecar[name].httpGet,
    )
    expect(probes).toEqual([
      { path: '/healthz', port: 'sidecar' },
      { path: '/healthz/ready', port: 'sidecar' },
      { path: '/healthz', port: 'sidecar' },
    ])
    const ownLimit = Number(settings['Sidecar__ShutdownTimeoutSeconds'])
    expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(ownLimit)
  })

  it('starts with its settings, by a token that the cluster mounts', async () => {
    const token = join(folder, 'token')
    writeFileSync(token, 'a.b.c')
    const { DownstreamApis__graph__BaseUrl: graph, ...named } = settings
    expect(graph).toBe('https://graph.microsoft.com/v1.0/')
    const { AzureAd__Instance, AzureAd__TenantId, AzureAd__ClientId } = middleTierVariables(emulator, '')
    const variables = {
      ...named,
      DownstreamApis__graph__BaseUrl: graph ?? '',
      ...{ AzureAd__Instance, AzureAd__TenantId, AzureAd__ClientId },
      AZURE_FEDERATED_TOKEN_FILE: token,
      ASPNETCORE_HTTP_PORTS: '0',
    }
    const path = join('node_modules/@midtier/sidecar', published.bin['midtier-sidecar'] ?? '')
    const sidecar = run(process.execPath, [path], { cwd: folder, variables })
    await sidecar.url
    expect(sidecar.output()).not.toContain('warning')
    await sidecar.stop()
  })
})

describe('the unit', () => {
  const unit = read('midtier-sidecar.service')
  const value = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1] ?? ''

  it('starts as it says, with what it sets', async () => {
    const [node, ...args] = value('ExecStart').split(' ')
    const [flags, path = ''] = [args.slice(0, -1), args.at(-1)]
    expect(node).toBe('/usr/bin/node')
    expect(path.startsWith('/opt/midtier-sidecar/node_modules/')).toBe(true)
    const set = pairsOf(value('Environment'))
    const at = path.replace('/opt/midtier-sidecar', folder)
    await probe(process.execPath, [...flags, at], { ...set, ASPNETCORE_URLS: 'http://localhost:0' })
  })

  it('starts with the flags of the image, which are measured', () => {
    const entry = /^ENTRYPOINT (.+)$/m.exec(read('Dockerfile'))?.[1] ?? ''
    const flags = (line: readonly string[]) => line.filter((word) => word.startsWith('--'))
    const deployed = flags(value('ExecStart').split(' '))
    expect(deployed).toEqual(flags(JSON.parse(entry) as string[]))
    const benchmark = readFileSync(join(root, 'benchmarks/sidecar.mjs'), 'utf8')
    expect(benchmark).toContain(`const deployed = [${deployed.map((flag) => `'${flag}'`).join(', ')}]`)
  })

  it('has no user of the host, and nothing to write to', () => {
    expect(value('DynamicUser')).toBe('yes')
    expect(value('CapabilityBoundingSet')).toBe('')
    expect(value('ProtectSystem')).toBe('strict')
    expect(Number(value('TimeoutStopSec'))).toBeGreaterThan(30)
  })

  const analyze = 'systemd-analyze' // of the machine, where it has systemd
  it.runIf(spawnSync(analyze, ['--version']).status === 0)('is sound to systemd, and well closed', () => {
    const file = join(folder, 'midtier-sidecar.service')
    writeFileSync(file, unit.replace('/usr/bin/node', process.execPath))
    const { status, stderr } = spawnSync(analyze, ['verify', '--man=no', file], {
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(status).toBe(0)
    const report = execFileSync(analyze, ['security', '--offline=true', file], { encoding: 'utf8' })
    expect(Number(/exposure level for \S+: ([\d.]+)/.exec(report)?.[1])).toBeLessThan(2.5)
  })
})

describe('settings', () => {
  const page = readFileSync(join(root, 'docs/sidecar.md'), 'utf8')
  const code = readdirSync(join(home, 'src/config'))
    .map((name) => readFileSync(join(home, 'src/config', name), 'utf8'))
    .join('\n')
  const mentioned = (text: string): Set<string> =>
    new Set(text.match(/\b(?:AzureAd|DownstreamApis|Sidecar|ASPNETCORE|AZURE)_{1,2}\w+/g))

  it.each(['Dockerfile', 'kubernetes.yaml', 'midtier-sidecar.service'])(
    'in %s are settings that the code reads',
    (name) => {
      for (const setting of mentioned(read(name)))
        for (const part of setting.includes('__') ? setting.split('__') : [setting])
          expect(/^\d+$|^graph$/.test(part) || code.includes(`'${part}'`), `${setting}: ${part}`).toBe(true)
    },
  )

  it('that the code reads are in the page for users', () => {
    const known = /const known = \[([^\]]*)\]/.exec(code)?.[1]?.match(/\w+/g) ?? []
    expect(known.length).toBeGreaterThan(8)
    for (const name of known) expect(page, name).toContain(`Sidecar__${name}`)
    const keys = [
      ...code.matchAll(/\b(?:text|texts|flag|number|section|list)\('(\w+)'|demand\(section, '(\w+)'/g),
    ].map(([, key, demanded]) => key ?? demanded ?? '')
    expect(keys.length).toBeGreaterThan(40)
    // `URLS` is what .NET calls ASPNETCORE_URLS in a file.
    const words = new Set(page.replaceAll('__', ' ').match(/\w+/g))
    expect(keys.filter((key) => key !== 'URLS' && !words.has(key))).toEqual([])
  })
})
