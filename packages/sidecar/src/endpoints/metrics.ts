// GET /metrics: what the sidecar counts of itself, for Prometheus.
import type { Endpoint } from '../http/exchange.ts'
import { Refusal } from '../kernel/refusals.ts'

export const metrics: Endpoint = ({ metrics: counted }) => {
  if (counted === undefined)
    throw new Refusal(404, 'Metrics are switched off: Sidecar__Metrics=true switches them on.')
  const headers = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }
  return Promise.resolve({ status: 200, headers, body: counted.write() })
}
