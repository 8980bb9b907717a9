// @ts-check
// The API: notes of an organisation. What is stored is stored for the tenant of the token, and Graph is asked there.
import express from 'express'
import { protect, renderErrors } from 'midtier/express'
import { addCustomer, addNote, listNotes } from './customers.mjs'
import { signUp } from './sign-up.mjs'
import { api, NotSignedUp } from './web-api.mjs'

const { FIRST_CUSTOMER, PUBLIC_URL, PORT = '0' } = process.env
if (FIRST_CUSTOMER) await addCustomer(FIRST_CUSTOMER)

const app = express()
app.use(signUp(() => publicUrl))
app.use(protect(api), express.json())

app.get('/notes', async ({ caller }, res) => {
  /** @type {{ displayName: string }} */
  const { displayName } = await caller.downstream('graph').getJson('me')
  res.json({ displayName, notes: await listNotes(caller.principal.tenantId) })
})
app.post('/notes', async ({ caller, body }, res) => {
  await addNote(caller.principal.tenantId, String(body?.text))
  res.sendStatus(201)
})

app.use(renderErrors())
app.use(refuse)

let publicUrl = PUBLIC_URL ?? ''
const server = app.listen(Number(PORT), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  publicUrl ||= `http://localhost:${port}`
  console.log(publicUrl)
})

/** @param {unknown} error @param {express.Request} _req @param {express.Response} res @param {express.NextFunction} next */
function refuse(error, _req, res, next) {
  if (!(error instanceof NotSignedUp)) return next(error)
  const detail = 'An administrator of your organisation has to sign up first'
  const problem = { title: 'Forbidden', status: 403, reason: 'not_signed_up', detail, signUp: '/sign-up' }
  res.status(403).type('application/problem+json').send(JSON.stringify(problem))
}
