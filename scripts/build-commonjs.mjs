// The CommonJS build of a published package, beside the modules that the compiler wrote: what `require` in its exports map names.
// Code is bundled, with the dependencies inside that cannot be required; declarations are the modules' own under another name.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { rolldown } from 'rolldown'
import { commonJsDeclarations } from './commonjs-declarations.mjs'
import { root } from './set-up.mjs'

const packages = [
  { folder: 'packages/midtier', inside: [] },
  { folder: 'packages/emulator', inside: ['jose'] }, // published as modules alone, which jest cannot require
]

for (const { folder, inside } of packages) {
  const home = join(root, folder)
  const stamp = join(home, 'dist/.commonjs.tsbuildinfo')
  if (isUpToDate(home, stamp)) continue
  const written = [
    ...(await bundle(home, inside)),
    ...declare(home),
    ...inside.map((name) => copyLicense(home, name)),
  ]
  removeOthers(join(home, 'dist/cjs'), new Set(written))
  writeFileSync(stamp, '')
}

// The compiler leaves alone what did not change, so an older stamp tells of a newer module.
function isUpToDate(home, stamp) {
  if (!existsSync(stamp)) return false
  const builders = ['package-lock.json', 'scripts/build-commonjs.mjs', 'scripts/commonjs-declarations.mjs']
  const sources = [
    ...files(join(home, 'dist')).filter((path) => !path.startsWith(join(home, 'dist/cjs'))),
    ...builders.map((path) => join(root, path)),
    join(home, 'package.json'),
  ]
  const builtMs = statSync(stamp).mtimeMs
  return sources.every((path) => path === stamp || statSync(path).mtimeMs < builtMs)
}

function files(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** What the exports map names for `require`: path of the target (below dist/cjs) → path of the module (below dist). */
function entries(home, condition, extension, moduleExtension) {
  const { exports } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  return Object.values(exports)
    .map((conditions) => conditions.require?.[condition])
    .filter((target) => target !== undefined)
    .map((target) => relative('dist/cjs', target).slice(0, -extension.length))
    .map((name) => [name, join(home, 'dist', `${name}${moduleExtension}`)])
}

async function bundle(home, inside) {
  const built = await rolldown({
    cwd: home,
    input: Object.fromEntries(entries(home, 'default', '.cjs', '.js')),
    platform: 'node', // `#crypto` and `#http` are Node's own here: what runs CommonJS is Node
    external: (id) => !/^[.#]/.test(id) && !isAbsolute(id) && !inside.includes(id),
  })
  const { output } = await built.generate({
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: 'shared-[hash].cjs', // in dist/cjs itself: code that finds files beside the package counts on the depth
  })
  await built.close()
  return output.map(({ fileName, code }) => write(join(home, 'dist/cjs', fileName), code))
}

function declare(home) {
  const targets = entries(home, 'types', '.d.cts', '.d.ts')
  const modules = targets.map(([name, path]) => [
    path,
    relative(join(home, 'dist/cjs', dirname(name)), path).replace(/\.d\.ts$/, '.js'),
  ])
  const texts = commonJsDeclarations(Object.fromEntries(modules))
  return targets.map(([name], index) => write(join(home, 'dist/cjs', `${name}.d.cts`), texts[index]))
}

// Its licence goes along with what is copied.
function copyLicense(home, name) {
  const from = ['LICENSE', 'LICENSE.md']
    .map((file) => join(root, 'node_modules', name, file))
    .find(existsSync)
  return write(join(home, `dist/cjs/LICENSE-${name}.md`), readFileSync(from, 'utf8'))
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
