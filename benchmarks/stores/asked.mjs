// Processes that are asked things and answer, by the channel that Node opens between them; whoever started one takes it along.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Starts a process from a file beside this one. */
export function openProcess(name) {
  const child = fork(fileURLToPath(new URL(name, import.meta.url)), {
    execArgv: [],
    serialization: 'advanced',
  })
  const ended = once(child, 'exit')
  const waiting = new Map()
  let asked = 0
  child.on('message', ({ id, value, error }) => {
    const { resolve, reject } = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) resolve(value)
    else reject(new Error(`${name}: ${error}`))
  })
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${name} ended with ${code}`))
  })
  return {
    ask: (question, ...args) =>
      new Promise((resolve, reject) => {
        asked += 1
        waiting.set(asked, { resolve, reject })
        child.send({ id: asked, question, args })
      }),
    async close() {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}

/** What a process answers, by question. When who asks is gone, it cleans up and ends. */
export function answer(answers, cleanUp = () => undefined) {
  process.on('message', async ({ id, question, args }) => {
    const told = await Promise.resolve()
      .then(() => answers[question](...args))
      .then(
        (value) => ({ id, value }),
        (error) => ({ id, error: String(error?.stack ?? error) }),
      )
    if (process.connected) process.send(told)
  })
  process.on('SIGINT', () => undefined) // who asks is interrupted too, and gone then
  process.on('disconnect', async () => {
    await cleanUp()
    process.exit()
  })
}
