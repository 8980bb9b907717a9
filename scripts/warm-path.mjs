// The warm path, counted: which functions of ours one request goes through, from the Authorization field to the cached token of the
// downstream API. `node scripts/warm-path.mjs` prints them in files; with --most N --files N it fails when there are more. Needs a build.
import { Session } from 'node:inspector/promises'
import { parseArgs } from 'node:util'
import { createUsers } from '../benchmarks/acquire-tokens.mjs'
import { createMidtier, midtierUser, requestOf } from '../benchmarks/acquire-contenders.mjs'

const { values: options } = parseArgs({ options: { most: { type: 'string' }, files: { type: 'string' } } })
const ours = '/packages/midtier/build/'

const users = createUsers()
const api = createMidtier(users.jwks)
const serve = async () => (await api.authenticate(requestOf(users.assertion(0)))).acquireToken(midtierUser)
for (let use = 0; use < 3; use += 1) await serve() // verified, remembered, cached

const session = new Session()
session.connect()
await session.post('Profiler.enable')
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
await session.post('Profiler.takePreciseCoverage') // what was called so far
await serve()
const { result } = await session.post('Profiler.takePreciseCoverage')
session.disconnect()
await api.close()

const files = result
  .filter(({ url }) => url.includes(ours))
  .map(({ url, functions }) => [
    url.slice(url.indexOf(ours) + ours.length),
    functions
      .filter(
        ({ functionName, ranges: [{ count, startOffset }] }) =>
          count > 0 && !(functionName === '' && startOffset === 0),
      )
      .map(({ functionName }) => functionName || '(anonymous)'),
  ])
  .filter(([, names]) => names.length > 0)
const functions = files.flatMap(([, names]) => names).length
for (const [file, names] of files) process.stdout.write(`${file}: ${names.join(', ')}\n`)
process.stdout.write(`${functions} functions in ${files.length} files\n`)
if (functions > Number(options.most ?? Infinity) || files.length > Number(options.files ?? Infinity)) {
  process.stdout.write(
    `more than the ${options.most} functions in ${options.files} files that are meant to be enough\n`,
  )
  process.exitCode = 1
}
