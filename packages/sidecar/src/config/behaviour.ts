// The section `Sidecar`: what is allowed beyond the strict default, and how much.
import type { Section } from './configuration.ts'

/** The routes whose overrides are switched, by the names of the settings. */
export type SwitchedRoute =
  | 'GetAuthorizationHeader'
  | 'GetAuthorizationHeaderUnauthenticated'
  | 'CallDownstreamApi'
  | 'CallDownstreamApiUnauthenticated'

/** How the sidecar behaves. */
export interface Behaviour {
  readonly allowOverrides: Readonly<Record<SwitchedRoute, boolean>>
  readonly allowOutboundRedirects: boolean
  /** Answers callers of other hosts. Risk: whoever reaches the port acts with this application's identity. */
  readonly allowRemoteCallers: boolean
  /** Names that may be in `Host` beside the local ones; in lower case. */
  readonly allowedHosts: ReadonlySet<string>
  /** Whether requests and tokens are counted, and /metrics answers. */
  readonly metrics: boolean
  /** Answers /metrics to other hosts, by any name: for a Prometheus that is not on this one. */
  readonly allowRemoteMetrics: boolean
  readonly maxRequestBodyBytes: number
  readonly maxConcurrentRequests: number
  readonly shutdownTimeoutSeconds: number
}

const known = [
  'AllowOverrides',
  'AllowOutboundRedirects',
  'AllowRemoteCallers',
  'AllowedHosts',
  'AllowedTenants',
  'AllowRemoteMetrics',
  'Metrics',
  'MaxRequestBodyBytes',
  'MaxConcurrentRequests',
  'ShutdownTimeoutSeconds',
  'TokenCache',
]

/** @throws SettingError naming the setting at fault. */
export function readBehaviour(sidecar: Section): Behaviour {
  const overrides = sidecar.section('AllowOverrides')
  const allowed = (route: SwitchedRoute, byDefault: boolean): boolean => overrides.flag(route) ?? byDefault
  return {
    allowOverrides: {
      GetAuthorizationHeader: allowed('GetAuthorizationHeader', true),
      GetAuthorizationHeaderUnauthenticated: allowed('GetAuthorizationHeaderUnauthenticated', false),
      CallDownstreamApi: allowed('CallDownstreamApi', true),
      CallDownstreamApiUnauthenticated: allowed('CallDownstreamApiUnauthenticated', false),
    },
    allowOutboundRedirects: sidecar.flag('AllowOutboundRedirects') ?? false,
    allowRemoteCallers: sidecar.flag('AllowRemoteCallers') ?? false,
    allowedHosts: new Set(sidecar.texts('AllowedHosts').map((host) => host.toLowerCase())),
    metrics: sidecar.flag('Metrics') ?? false,
    allowRemoteMetrics: sidecar.flag('AllowRemoteMetrics') ?? false,
    maxRequestBodyBytes: sidecar.number('MaxRequestBodyBytes', 0, 1_073_741_824) ?? 30_000_000,
    maxConcurrentRequests: sidecar.number('MaxConcurrentRequests', 1, 1_000_000) ?? 10_000,
    shutdownTimeoutSeconds: sidecar.number('ShutdownTimeoutSeconds', 0, 3_600) ?? 30,
  }
}

/** Settings that nothing reads: a spelling mistake would leave the strict default, and nobody would know why. */
export function unknownSettings(sidecar: Section): readonly string[] {
  const names = known.map((name) => name.toLowerCase())
  return sidecar
    .names()
    .filter((name) => !names.includes(name.toLowerCase()))
    .map((name) => sidecar.nameOf(name))
}
