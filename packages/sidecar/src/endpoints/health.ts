// Whether the process is alive, and whether it can serve.
import { text } from '../http/answer.ts'
import type { Endpoint } from '../http/exchange.ts'

/** Alive, whatever else fails: restarting a process mends no authority. */
export const healthz: Endpoint = () => Promise.resolve(text(200, 'Healthy'))

/** Ready once tokens can be validated, and until it stops. */
export const readyz: Endpoint = ({ api, isStopping }) => {
  const isReady = api.health().ready && !isStopping()
  return Promise.resolve(text(isReady ? 200 : 503, isReady ? 'Ready' : 'Not ready'))
}
