// @ts-check
// The handlers as a server of Node.
import { serve } from '@hono/node-server'
import api from './api.mjs'

const { PORT = '0' } = process.env

serve({ fetch: api.fetch, port: Number(PORT), hostname: '127.0.0.1' }, ({ port }) =>
  console.log(`http://127.0.0.1:${port}`),
)
