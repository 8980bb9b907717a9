// @ts-check
// The worker: acts for the person by the key in the job, whenever that has its turn, in a process of its own.
import { UnrecoverableError, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { isMidtierError } from 'midtier'
import { api, redis } from './web-api.mjs'

const { TODO_URL = '', REDIS_URL = '' } = process.env

// BullMQ waits in it for jobs, for as long as it takes.
const connection = new Redis(REDIS_URL, { maxRetriesPerRequest: null })
const worker = new Worker('reports', report, { connection, concurrency: 10 })
worker.on('error', (error) => console.error(`worker: ${error.message}`))
await worker.waitUntilReady()
console.log('ready')

/** @param {import('bullmq').Job<{ sessionKey: string }>} job */
async function report({ data: { sessionKey } }) {
  try {
    const { accessToken } = await api.longRunning.acquire(sessionKey)
    const answer = await fetch(`${TODO_URL}/todos`, {
      headers: { authorization: `Bearer ${accessToken}` },
    })
    if (!answer.ok) throw new Error(`The To Do API answered ${answer.status}`)
    const todos = await answer.json()
    await api.longRunning.stop(sessionKey) // from now on nobody acts for the person
    return { todos }
  } catch (error) {
    throw waitsForThePerson(error) ? new UnrecoverableError(error.reason) : error // the queue tries again
  }
}

/**
 * No retry mends these: the authority wants the person, or the session was stopped, forgotten or is over.
 * @param {unknown} error @returns {error is import('midtier').InteractionRequiredError | import('midtier').AcquisitionError}
 */
function waitsForThePerson(error) {
  if (!isMidtierError(error)) return false
  if (error.code === 'acquisition_impossible') return error.reason === 'session_unknown'
  return error.code === 'interaction_required'
}

process.once('SIGTERM', async () => {
  await worker.close() // when the jobs that it is at are done
  await api.close()
  redis.disconnect()
  connection.disconnect()
})
