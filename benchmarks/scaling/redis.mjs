// A Redis of this machine for one run, and what it says of itself.
import { Redis } from 'ioredis'
import { createRedis } from '../redis-server.mjs'

/** Runs work with a client of a new server. */
export async function withRedis(work) {
  const server = await createRedis()
  const client = new Redis({ port: server.port, host: '127.0.0.1' })
  try {
    return await work(client, server.port)
  } finally {
    client.disconnect()
    await server.remove()
  }
}

/** A number of `INFO`. */
export async function numberOf(client, section, name) {
  const text = await client.info(section)
  return Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(text)[1])
}

/** Processor time of the server so far, microseconds. */
export async function processorOf(client) {
  return (
    1e6 * ((await numberOf(client, 'cpu', 'used_cpu_user')) + (await numberOf(client, 'cpu', 'used_cpu_sys')))
  )
}
