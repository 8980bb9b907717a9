// `npm start`: installs and builds what is missing, then brings up the whole scenario and stays until Ctrl-C.
import { setUp } from './set-up.mjs'

await setUp()
await import('../examples/todolist/dist/start.js')
