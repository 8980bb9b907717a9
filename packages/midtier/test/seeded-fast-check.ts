// What `import fc from 'fast-check'` gives to the tests: the same examples in every run, or those of the seed FAST_CHECK_SEED.
import { createRequire } from 'node:module'

// By require: an import of this name would lead here.
const fc = createRequire(import.meta.url)('fast-check') as typeof import('fast-check')

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['FAST_CHECK_SEED'] ?? 20) })

export default fc
