// `npm run build`: everything that is published or started. The compiler writes modules, the bundler from them what is published, and
// the example is compiled against that, as a user's program is.
import { bundle } from './bundle.mjs'
import { fail, root, run } from './set-up.mjs'

await compile('packages/midtier', 'packages/emulator')
await bundle('packages/midtier', 'packages/emulator')
await compile('packages/sidecar') // against what is published of midtier, as a program of a user is
await bundle('packages/sidecar')
await compile('examples/todolist')

async function compile(...projects) {
  const { code } = await run(process.execPath, ['node_modules/typescript/bin/tsc', '--build', ...projects], {
    cwd: root,
  })
  if (code !== 0) fail('The build failed: see above.')
}
