// `npm run build`: everything that is published or started, from the sources.
import { fail, root, run } from './set-up.mjs'

const { code } = await run(process.execPath, ['node_modules/typescript/bin/tsc', '--build'], { cwd: root })
if (code !== 0) fail('The build failed: see above.')
