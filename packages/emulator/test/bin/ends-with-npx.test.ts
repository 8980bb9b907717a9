// What npx has started ends with it: npx hands no signal on, and an orphan would hold its port for ever.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const bin = fileURLToPath(new URL('../../dist/esm/bin.js', import.meta.url))
const start = `require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit' })`

/** Ends npx when the command is about to listen, and goes on when it is gone. */
const endingNpx = `
import { Server } from 'node:net'
const { listen } = Server.prototype
Server.prototype.listen = function (...args) {
  Server.prototype.listen = listen
  const npx = process.ppid
  process.kill(npx, 'SIGKILL')
  while (process.ppid === npx);
  return listen.apply(this, args)
}
`

it.each([
  ['is gone', []],
  ['went while it began', ['--import', `data:text/javascript,${encodeURIComponent(endingNpx)}`]],
])('the command ends when npx %s', async (_, flags) => {
  const npx = spawn(process.execPath, ['--eval', start, '--', ...flags, bin, '--port', '0'], {
    env: { PATH: process.env['PATH'], npm_command: 'exec' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  for await (const chunk of npx.stdout.setEncoding('utf8')) {
    printed += String(chunk)
    if (/http:\/\/localhost:\d+/.test(printed)) npx.kill('SIGKILL')
  } // its output ends when the last process that has it ends
  const [address] = /http:\/\/localhost:\d+/.exec(printed) ?? []
  if (npx.exitCode === null && npx.signalCode === null) await once(npx, 'exit')
  expect(address).toBeDefined()
  await expect(fetch(address ?? '')).rejects.toThrow()
})
