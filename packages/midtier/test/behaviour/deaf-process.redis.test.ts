// Processes that share a Redis, one of which does not hear the others for a moment.
import { afterAll, beforeAll, describe, it } from 'vitest'
import { redisStore } from '../../src/stores/redis.ts'
import { singleClients, type OpenClient } from '../stores/clients.ts'
import { startRedis, type RedisServer } from '../stores/redis-server.ts'
import { startProxy, type TcpProxy } from '../stores/tcp-proxy.ts'
import { expectForgottenAfter, expectLeftAlone } from './deaf-process.ts'

let redis: RedisServer
let proxy: TcpProxy
const open: OpenClient[] = []

beforeAll(async () => {
  redis = await startRedis()
  proxy = await startProxy({ port: redis.port, host: '127.0.0.1' })
})
afterAll(async () => {
  for (const { close } of open) close()
  await proxy.stop()
  await redis.stop()
})

describe.each(Object.keys(singleClients))('an account is forgotten by a process over %s', (name) => {
  const connect = async (port: number) => {
    const client = await singleClients[name]!([port])
    open.push(client)
    return redisStore(client.client, { prefix: `${name.replaceAll(/\W/g, '-')}:` })
  }
  const listens = `${name.replaceAll(/\W/g, '-')}:messages`

  it('whose subscriber connection went silent without a reset', async () => {
    const stores = { near: await connect(redis.port), far: await connect(proxy.port) }
    await expectForgottenAfter({ ...stores, proxy, listens }, () => proxy.silence(listens))
  })

  it('whose subscriber connection was cut', async () => {
    const stores = { near: await connect(redis.port), far: await connect(proxy.port) }
    await expectForgottenAfter({ ...stores, proxy, listens }, () => proxy.cut(listens))
  })

  it('which is left alone while the connection is quiet and alive', async () => {
    await expectLeftAlone(await connect(proxy.port), proxy, { listens, ping: '\r\nping\r\n' })
  })
})
