// A web API over the store of a run, whose authority answers inside the process with tokens of chosen lifetimes.
import { Redis } from 'ioredis'
import { redisStore } from '../../packages/midtier/dist/esm/redis.js'
import { createMidtier, requestOf } from '../acquire-contenders.mjs'
import { answerTokenRequest } from '../acquire-tokens.mjs'

export const scopesOf = (api) => [`api://downstream-${api}/Read`]

/** `counted` has what was sent to the store and asked of the authority. */
export function openApi({
  port,
  jwks,
  secret,
  lifetime = {},
  exchangeMs = 0,
  maxEntries = 200_000,
  maxCachedTokens,
}) {
  const client = new Redis({ port, host: '127.0.0.1', commandTimeout: 30_000 })
  const counted = { commands: {}, exchanges: 0 }
  const send = client.sendCommand.bind(client)
  client.sendCommand = (command, ...rest) => {
    const name = command.name.toLowerCase()
    counted.commands[name] = (counted.commands[name] ?? 0) + 1
    return send(command, ...rest)
  }
  const post = async (body) => {
    counted.exchanges += 1
    if (exchangeMs > 0) await new Promise((resolve) => void setTimeout(resolve, exchangeMs))
    const scope = new URLSearchParams(body).get('scope')
    return JSON.stringify({ ...JSON.parse(answerTokenRequest(body)), scope, ...lifetime })
  }
  const tokenCache = {
    store: redisStore(client),
    keyRing: { current: 'k1', keys: { k1: secret } },
    storeTimeoutMs: 30_000, // a busy machine is no failing store
    maxEntries,
  }
  const api = createMidtier(jwks, {
    post,
    tokenCache,
    ...(maxCachedTokens !== undefined && { maxCachedTokens }),
  })
  return { api, client, counted, authenticate: (assertion) => api.authenticate(requestOf(assertion)) }
}
