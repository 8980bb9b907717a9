// A fresh process with a warm Redis: fills it or reads it, and says which commands it sent for each of its requests.
import { Redis } from 'ioredis'
import { redisStore } from '../packages/midtier/dist/esm/redis.js'
import { createMidtier, inProcess, midtierUser, requestOf } from './acquire-contenders.mjs'

process.once('message', async ({ port, jwks, assertion, secret, requests }) => {
  const client = new Redis({ port, host: '127.0.0.1' })
  await client.ping()
  const commands = countCommands(client)
  let exchanges = 0
  const post = (body) => {
    exchanges++
    return inProcess(body)
  }
  const tokenCache = { store: redisStore(client), keyRing: { current: 'k1', keys: { k1: secret } } }
  const api = createMidtier(jwks, { post, tokenCache })
  const told = []
  for (let request = 0; request < requests; request++) {
    const caller = await api.authenticate(requestOf(assertion))
    const { origin } = await caller.acquireToken(midtierUser)
    await new Promise((resolve) => void setTimeout(resolve, 100)) // what it does behind the answer counts as well
    told.push({ origin, exchanges, commands: commands.splice(0) })
  }
  process.send(told, () => process.exit())
})

/** Every command goes through `sendCommand`. */
function countCommands(client) {
  const sent = []
  const send = client.sendCommand.bind(client)
  client.sendCommand = (command, ...rest) => {
    sent.push(command.name)
    return send(command, ...rest)
  }
  return sent
}
