// `npm run build`: everything that is published or started. The compiler writes the modules, the bundler the CommonJS beside them.
import { fail, root, run } from './set-up.mjs'

const { code } = await run(process.execPath, ['node_modules/typescript/bin/tsc', '--build'], { cwd: root })
if (code !== 0) fail('The build failed: see above.')
await import('./build-commonjs.mjs')
