// Where the sidecar listens: on loopback unless an address says otherwise in so many words.
import { SettingError } from '../kernel/refusals.ts'
import type { Section } from './configuration.ts'

/** A port of an interface, or a Unix socket. */
export type Address =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }

const loopback = '127.0.0.1'
const defaultPort = 8080

/** `--port` first, then `ASPNETCORE_URLS`, `PORT`, `ASPNETCORE_HTTP_PORTS`. @throws SettingError naming the setting at fault. */
export function readAddresses(root: Section, port: string | undefined): readonly Address[] {
  if (port !== undefined) return [tcp(loopback, readPort('--port', port))]
  const urls = root.text('ASPNETCORE_URLS') ?? root.text('URLS')
  if (urls !== undefined) return split(urls).map((url) => readUrl('ASPNETCORE_URLS', url))
  const own = root.text('PORT')
  if (own !== undefined) return [tcp(loopback, readPort('PORT', own))]
  const ports = root.text('ASPNETCORE_HTTP_PORTS')
  // Every interface, as ASP.NET has it: a cluster probes /healthz from outside, and nothing else is answered there.
  if (ports !== undefined)
    return split(ports).map((each) => tcp('::', readPort('ASPNETCORE_HTTP_PORTS', each)))
  return [tcp(loopback, defaultPort)]
}

function tcp(host: string, port: number): Address {
  return { kind: 'tcp', host, port }
}

function split(list: string): readonly string[] {
  return list.split(';').flatMap((each) => (each.trim() === '' ? [] : [each.trim()]))
}

function readPort(setting: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new SettingError(setting, 'must be a port: a number from 0 to 65535')
}

function readUrl(setting: string, text: string): Address {
  const socket = /^http:\/\/unix:(\/.+?)\/?$/i.exec(text)?.[1]
  if (socket !== undefined) return { kind: 'unix', path: socket }
  if (/^https:/i.test(text))
    throw new SettingError(
      setting,
      'asks for https: the sidecar speaks plain http, on loopback or a Unix socket; write http://',
    )
  const [, host, port] = /^http:\/\/(\[[0-9a-f:.]+\]|[^:/]+)(?::(\d+))?\/?$/i.exec(text) ?? []
  if (host === undefined)
    throw new SettingError(
      setting,
      'must hold addresses such as http://localhost:8080 or http://unix:/run/sidecar.sock',
    )
  return tcp(interfaceOf(host), port === undefined ? 80 : readPort(setting, port))
}

function interfaceOf(host: string): string {
  if (host.toLowerCase() === 'localhost') return loopback
  // As Kestrel has it: any name that is no address stands for every interface.
  if (/^[\d.]+$/.test(host)) return host
  return host.startsWith('[') ? host.slice(1, -1) : '::'
}
