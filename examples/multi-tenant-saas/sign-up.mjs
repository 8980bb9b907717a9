// @ts-check
// Signing up: an administrator consents for the organisation, comes back, and the organisation is a customer from then on.
import { randomUUID } from 'node:crypto'
import { Router } from 'express'
import { isMidtierError } from 'midtier'
import { addCustomer } from './customers.mjs'
import { api, CLIENT_ID, graphForItself, INSTANCE } from './web-api.mjs'

/** @param {() => string} publicUrl Where browsers find this API. */
export function signUp(publicUrl) {
  const router = Router()
  const redirectUri = () => `${publicUrl()}/signed-up`

  router.get('/sign-up', (_req, res) => {
    const state = randomUUID()
    const query = new URLSearchParams({ client_id: CLIENT_ID, redirect_uri: redirectUri(), state })
    const secure = publicUrl().startsWith('https:')
    res.cookie('sign-up', state, { httpOnly: true, sameSite: 'lax', secure, maxAge: 600_000 })
    res.redirect(new URL(`/organizations/adminconsent?${query}`, INSTANCE).href)
  })

  router.get('/signed-up', async (req, res) => {
    const { state, tenant = '' } = req.query
    const begun = /(?:^|; )sign-up=([^;]+)/.exec(req.headers.cookie ?? '')?.[1]
    if (begun === undefined || state !== begun)
      return void res.status(400).send('Please begin again: /sign-up')
    // The rest of the address is whatever somebody typed: the tenant itself is asked.
    if (!(await hasConsented(String(tenant)))) return void res.status(403).send('Nobody has consented')
    await addCustomer(String(tenant).toLowerCase())
    res.clearCookie('sign-up').send('Welcome')
  })
  return router
}

/** Whether an administrator did: `User.Read.All` as an application is nobody else's to grant. @param {string} tenantId */
async function hasConsented(tenantId) {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(tenantId)) return false
  const application = api.application({ tenantId })
  try {
    await application.acquireToken({ scopes: graphForItself, forceRefresh: true }) // one of before has no role
    await application.downstream('graphForItself').getJson('users?$top=1&$select=id')
    return true
  } catch (error) {
    if (!isMidtierError(error)) throw error
    if (error.code === 'downstream_failed' && error.downstreamStatus === 403) return false // without the role
    if (error.code !== 'token_request_refused') throw error
    console.warn(error.message) // this API is not in that tenant; or it is our credential that is refused
    return false
  }
}
