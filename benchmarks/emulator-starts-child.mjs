// How long an emulator takes to start in a process that has started one, and twenty beside each other.
import { createEmulator } from '@midtier/emulator'

process.once('message', async () => {
  await (await createEmulator({ port: 0 })).stop()
  const singles = []
  for (let count = 0; count < 9; count += 1) singles.push(await timeStart(1))
  process.send({ oneMs: singles.toSorted((a, b) => a - b)[4], twentyMs: await timeStart(20) })
  process.disconnect()
})

async function timeStart(count) {
  const begunMs = performance.now()
  const started = await Promise.all(Array.from({ length: count }, () => createEmulator({ port: 0 })))
  const spentMs = performance.now() - begunMs
  for (const emulator of started) await emulator.stop()
  return spentMs
}
