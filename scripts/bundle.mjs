// What is published: from the modules that the compiler wrote (build/), one bundle per entry with shared chunks, as modules (dist/esm) and
// as CommonJS (dist/cjs), declarations beside them. No sources, no maps: hundreds of files cost start-up.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { rolldown } from 'rolldown'
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'
import { commonJsDeclarations } from './commonjs-declarations.mjs'
import { compact } from './compact.mjs'
import { shortenLocals } from './short-locals.mjs'
import { fail, root } from './set-up.mjs'

/**
 * `entries`: what the manifest exports, by the module it is built from. `others`: what it names besides. `inside`: dependencies that are
 * bundled, by format; their licences go along.
 */
export const packages = [
  {
    folder: 'packages/midtier',
    entries: {
      index: 'index',
      express: 'adapters/express',
      fastify: 'adapters/fastify',
      hono: 'adapters/hono',
      koa: 'adapters/koa',
      nest: 'adapters/nest',
      websocket: 'adapters/websocket',
      'node-http': 'adapters/node-http',
      fetch: 'adapters/fetch',
      mcp: 'adapters/mcp',
      context: 'adapters/context',
      opentelemetry: 'telemetry/opentelemetry',
      graph: 'sdk/graph',
      azure: 'sdk/azure',
      redis: 'stores/redis',
      postgres: 'stores/postgres',
      keyv: 'stores/keyv',
      testing: 'testing/fake-web-api',
      'store-conformance': 'testing/store-conformance',
      registration: 'registration/registration',
      node: 'client-auth/read-text-file.node',
    },
    others: {
      midtier: 'bin/midtier',
      'platform.node': 'kernel/platform.node',
      'platform.web': 'kernel/platform.web',
    },
    inside: { esm: [], cjs: [] },
  },
  {
    folder: 'packages/emulator',
    entries: { index: 'index', testing: 'testing/testing' },
    others: { bin: 'bin/midtier-emulator' },
    inside: { esm: [], cjs: ['jose'] }, // published as modules alone, which jest cannot require
  },
  {
    folder: 'packages/sidecar',
    entries: { index: 'index' },
    others: { bin: 'bin/midtier-sidecar' },
    inside: { esm: [], cjs: [] },
  },
]

/**
 * What several entries share is in three files, where a bundler left alone makes a dozen: each file that an import has to find and read
 * costs half a millisecond. The kernel is apart, since what `#crypto` and `#http` stand for needs it and is needed by the rest; and so is
 * what takes Node's streams, which an entry for other runtimes must not name.
 */
const takesStreams = /[\\/]build[\\/]adapters[\\/]shared[\\/]send-response\./
const ofCommands = /[\\/]build[\\/](bin|doctor)[\\/]/
const shared = [
  // What only a file of registrations and the commands need, nobody else has to load.
  { name: 'registrations', test: /[\\/]build[\\/]registration[\\/]/, minShareCount: 2, priority: 2 },
  { name: 'kernel', test: /[\\/]build[\\/]kernel[\\/]/, minShareCount: 2, priority: 2 },
  {
    name: 'shared',
    test: (id) => !takesStreams.test(id) && !ofCommands.test(id),
    minShareCount: 2,
    priority: 1,
  },
  { name: 'streams', test: takesStreams, minShareCount: 2 },
  // What several commands need is one file: a file takes a block of the disk, however little is in it.
  { name: 'commands', test: ofCommands, minShareCount: 2 },
]

/** Bundles what is compiled of these packages, unless that was done already. */
export async function bundle(...folders) {
  for (const { folder, entries, others, inside } of packages.filter((each) =>
    folders.includes(each.folder),
  )) {
    const home = join(root, folder)
    const stamp = join(home, 'dist/.bundle.tsbuildinfo')
    if (isUpToDate(home, stamp)) continue
    const modules = await bundleModules(home, { ...entries, ...others }, inside.esm)
    const written = [
      ...modules.map(({ path }) => path),
      ...(await bundleDeclarations(home, entries, modules)),
      ...(await bundleCommonJs(home, entries, inside.cjs)).map(({ path }) => path),
      ...declareCommonJs(home, Object.keys(entries)),
      ...[...new Set([...inside.esm, ...inside.cjs])].map((name) => copyLicense(home, name)),
    ]
    removeOthers(join(home, 'dist'), new Set(written))
    writeFileSync(stamp, '')
  }
}

// The compiler leaves alone what did not change, so an older stamp tells of a newer module.
function isUpToDate(home, stamp) {
  if (!existsSync(stamp)) return false
  const builders = [
    'package-lock.json',
    'scripts/bundle.mjs',
    'scripts/commonjs-declarations.mjs',
    'scripts/short-locals.mjs',
  ]
  const sources = [
    ...files(join(home, 'build')),
    ...builders.map((path) => join(root, path)),
    join(home, 'package.json'),
  ]
  const builtMs = statSync(stamp).mtimeMs
  return sources.every((path) => statSync(path).mtimeMs < builtMs)
}

function files(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** `#crypto` and `#http` stay as they are: the manifest says which one a platform takes. */
function bundleModules(home, inputs, inside) {
  return bundleFormat(home, 'esm', inputs, (id) => id.startsWith('#') || isOfAnother(id, inside))
}

/** `#crypto` and `#http` are Node's own here: what runs CommonJS is Node. */
function bundleCommonJs(home, inputs, inside) {
  return bundleFormat(home, 'cjs', inputs, (id) => !id.startsWith('#') && isOfAnother(id, inside))
}

function isOfAnother(id, inside) {
  return !id.startsWith('.') && !isAbsolute(id) && !inside.includes(id)
}

function paths(home, inputs, extension) {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, path]) => [name, join(home, 'build', `${path}${extension}`)]),
  )
}

async function bundleFormat(home, format, inputs, external) {
  const extension = { esm: '.js', cjs: '.cjs' }[format]
  const built = await rolldown({
    cwd: home,
    input: paths(home, inputs, '.js'),
    platform: 'node',
    external,
    resolve: {
      alias: {
        '#crypto': join(home, 'build/kernel/crypto/crypto.node.js'),
        '#http': join(home, 'build/kernel/http/authority-fetch.node.js'),
      },
    },
  })
  const { output } = await built.generate({
    format,
    entryFileNames: `[name]${extension}`,
    chunkFileNames: `[name]-[hash]${extension}`, // in the same folder: code that finds files beside the package counts on the depth
    codeSplitting: { groups: shared },
    comments: { legal: true, annotation: true, jsdoc: false },
    minifyInternalExports: true, // between chunks alone; of modules it is the default
  })
  await built.close()
  return output.map(({ name, fileName, code, exports }) => ({
    name,
    exports,
    path: write(
      join(home, 'dist', format, fileName),
      compact(shortenLocals(format === 'cjs' ? inBrief(code) : code, fileName)),
    ),
  }))
}

/**
 * In CommonJS every export of a shared chunk takes six lines of its own, every name of another chunk a dozen letters, and marks of what has no
 * effect are read by nobody. Entries export in a line each, as Node reads it.
 */
function inBrief(code) {
  const longhand =
    /Object\.defineProperty\(exports, "([^"]+)", \{\s+enumerable: true,\s+get: function\(\) \{\s+return ([^;]+);\s+\}\s+\}\);\n?/g
  const getters = [...code.matchAll(longhand)].map(([, name, value]) => `${name}: () => ${value},\n`)
  const define = 'Object.defineProperty(exports, name, { enumerable: true, get })'
  const exported = `for (const [name, get] of Object.entries({\n${getters.join('')}})) ${define};\n`
  const brief = code
    .replaceAll(longhand, '')
    .replaceAll('/* @__PURE__ */ ', '')
    .replaceAll(/\brequire_(k)ernel\b|\brequire_(s)hared\b/g, '$$$1$2')
  return getters.length === 0 ? brief : brief + exported
}

/**
 * Bundled as the modules are, with one shared chunk: a class has one declaration, whichever entry it is taken from. What is of one framework
 * stays with its entry, so that nobody needs the types of another.
 */
async function bundleDeclarations(home, inputs, modules) {
  const entryPaths = Object.values(paths(home, inputs, '.d.ts'))
  const isEntry = (id) => entryPaths.includes(id)
  const built = await rollup({
    input: paths(home, inputs, '.d.ts'),
    external: (id) => isOfAnother(id, []),
    plugins: [dts({ tsconfig: false })],
    onwarn: ({ message }) => fail(message),
  })
  const { output } = await built.generate({
    format: 'es',
    entryFileNames: '[name].d.ts',
    chunkFileNames: 'types-[hash].d.ts',
    manualChunks: (id) =>
      /[\\/]build[\\/]adapters[\\/](?!shared)/.test(id) || isEntry(id) ? undefined : 'types',
  })
  await built.close()
  return output.map(({ name, fileName, code, isEntry }) => {
    const values = modules.find((module) => module.name === name)?.exports
    return write(join(home, 'dist/esm', fileName), tabbed(isEntry ? exportTypes(code, values) : code))
  })
}

/** Indented by tabs: nobody reads them wide, and blanks are bytes. */
function tabbed(code) {
  return code.replaceAll(/^(?: {4})+/gm, (blanks) => '\t'.repeat(blanks.length / 4))
}

/** `export type { Caller }` of a class in another chunk comes out as `export { Caller }`, which promises a value that is not there. */
function exportTypes(code, values) {
  return code.replaceAll(/^export \{([^}]*)\}/gm, (_, names) => {
    const marked = names
      .split(',')
      .map((name) => name.trim())
      .map((name) => (values.includes(name.split(' as ').at(-1)) ? name : `type ${name}`))
    return `export { ${marked.join(', ')} }`
  })
}

function declareCommonJs(home, names) {
  const modules = names.map((name) => [join(home, `dist/esm/${name}.d.ts`), `../esm/${name}.js`])
  const texts = commonJsDeclarations(Object.fromEntries(modules))
  return names.map((name, index) => write(join(home, `dist/cjs/${name}.d.cts`), texts[index]))
}

// Its licence goes along with what is copied.
function copyLicense(home, name) {
  const from = ['LICENSE', 'LICENSE.md']
    .map((file) => join(root, 'node_modules', name, file))
    .find(existsSync)
  return write(join(home, `dist/LICENSE-${name}.md`), readFileSync(from, 'utf8'))
}

// Whoever has the file open keeps a whole one: nothing is written that is there already.
function write(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return path
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return path
}

function removeOthers(folder, kept) {
  for (const path of files(folder)) if (!kept.has(path)) rmSync(path)
}
