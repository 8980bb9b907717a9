// @ts-check
// The API: a report takes long, so it is a job, which holds a key to the person's session and never a token.
import { Queue } from 'bullmq'
import express from 'express'
import { protect, renderErrors } from 'midtier/express'
import { api, redis } from './web-api.mjs'

const { TODO_SCOPE = '', PORT = '0' } = process.env

/** @type {Queue<{ accountId: string, sessionKey: string }>} */
const queue = new Queue('reports', { connection: redis })

const jobOptions = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 1000 },
  removeOnComplete: { age: 24 * 3600 },
}

const app = express()
app.use(protect(api, { scopes: ['access_as_user'], caller: 'user' }))

app.post('/reports', async ({ caller }, res) => {
  const sessionKey = await api.longRunning.start(caller, { scopes: [TODO_SCOPE] })
  const accountId = caller.account?.id ?? ''
  const { id } = await queue.add('report', { accountId, sessionKey }, jobOptions)
  res.status(202).location(`/reports/${id}`).json({ id, state: 'waiting' })
})

app.get('/reports/:id', async (req, res) => {
  const state = await queue.getJobState(req.params.id) // before the job: what is completed has its report by then
  const job = await findJob(req)
  if (job) res.json({ state, report: job.returnvalue, reason: job.failedReason })
  else res.sendStatus(404)
})

// The person is here again: the job goes on with a session of today. If the authority wants more of the person, that is the answer.
app.post('/reports/:id/retry', async (req, res) => {
  const job = await findJob(req)
  if (!job) return void res.sendStatus(404)
  const sessionKey = await api.longRunning.start(req.caller, { scopes: [TODO_SCOPE] })
  await job.updateData({ ...job.data, sessionKey })
  await job.retry()
  res.status(202).json({ state: 'waiting' })
})
app.use(renderErrors())

/** A job of the caller; those of others are not found. @param {express.Request} req */
async function findJob({ params, caller }) {
  const job = await queue.getJob(String(params.id))
  return job?.data.accountId === caller.account?.id ? job : undefined
}

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  console.log(`http://127.0.0.1:${port}`)
})
