// Unmodified express-oauth2-jwt-bearer: an API that takes tokens and asks for none.
import type { Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express from 'express'
import * as bearer from 'express-oauth2-jwt-bearer'
import { middleTier, type Json } from '../../scenario.ts'
import { namesOf, type Client } from '../client.ts'
import type { World } from '../world.ts'
import { versionOf } from './versions.ts'

async function validate(world: World): Promise<Json> {
  const app = express()
  app.use(bearer.auth({ issuerBaseURL: world.issuer, audience: middleTier }))
  app.get('/', (request, response) => void response.json(request.auth?.payload))
  const server: Server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const { port } = server.address() as AddressInfo
    const headers = { authorization: `Bearer ${await world.assertion()}` }
    const response = await fetch(`http://127.0.0.1:${String(port)}/`, { headers })
    if (!response.ok) throw new Error(response.headers.get('www-authenticate') ?? '')
    return (await response.json()) as Json
  } finally {
    server.close()
  }
}

const because = 'it validates tokens, and acquires none'

export const expressBearer: Client = {
  name: 'express-oauth2-jwt-bearer',
  version: versionOf('express-oauth2-jwt-bearer'),
  reach: 'http, `issuerBaseURL`',
  names: () => namesOf(bearer),
  cells: {
    code: { because, lacks: /code|acquire/i },
    refresh: { because, lacks: /refresh|acquire/i },
    secret: { because, lacks: /clientCredential|acquire/i },
    certificate: { because, lacks: /certificate|acquire/i },
    onBehalfOf: { because, lacks: /behalf|acquire/i },
    deviceCode: { because, lacks: /device|acquire/i },
    password: { because, lacks: /password|acquire/i },
    hybrid: { because, lacks: /hybrid|acquire/i },
    implicit: { because, lacks: /implicit|acquire/i },
    managedIdentity: { because, lacks: /managed|acquire/i },
    logout: { because: 'it has no session', lacks: /logout|session/i },
    userinfo: { because: 'it reads the token alone', lacks: /userinfo/i },
    keys: validate,
  },
}
