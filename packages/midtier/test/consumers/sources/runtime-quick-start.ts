// What a quick start answers in another runtime: `runtime-quick-start.mjs {runtime} {file}` prints Alice's list, and the refusal of nobody.
import { ask, createWorld } from './runtime-world.ts'
import { start } from './runtime-process.ts'

const [runtime = '', file = ''] = process.argv.slice(2)
const world = await createWorld()
try {
  const program = await start(runtime, file, world.places)
  try {
    const alice = await ask(`${program.origin}/todolist`, await world.mint('alice'))
    const nobody = await ask(`${program.origin}/todolist`)
    process.stdout.write(
      JSON.stringify([alice.status, alice.body['name'], nobody.status, nobody.challenge !== '']),
    )
  } finally {
    await program.end()
  }
} finally {
  await world.stop()
}
