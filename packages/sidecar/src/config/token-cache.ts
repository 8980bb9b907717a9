// The cache that several sidecars share, and that survives a restart: where it is, and the keys that seal it.
import type { KeyRingOptions } from 'midtier'
import { SettingError } from '../kernel/refusals.ts'
import type { Section } from './configuration.ts'

/** A shared cache as it is configured. */
export interface SharedCache {
  readonly kind: 'redis' | 'postgres'
  readonly address: string
  readonly keyRing: KeyRingOptions
}

const protocols = { redis: ['redis:', 'rediss:'], postgres: ['postgres:', 'postgresql:'] } as const

/** `undefined` when tokens are kept in this process alone. @throws SettingError naming the setting at fault, never its value. */
export function readSharedCache(sidecar: Section): SharedCache | undefined {
  const section = sidecar.section('TokenCache')
  const redis = section.text('Redis')
  const postgres = section.text('Postgres')
  if (redis !== undefined && postgres !== undefined)
    throw new SettingError(
      section.nameOf('Postgres'),
      `is there beside ${section.nameOf('Redis')}: choose one`,
    )
  if (redis === undefined && postgres === undefined) return undefined
  const [kind, address, name] =
    redis === undefined
      ? (['postgres', postgres ?? '', 'Postgres'] as const)
      : (['redis', redis, 'Redis'] as const)
  checkAddress(section.nameOf(name), kind, address)
  return { kind, address, keyRing: readKeys(section) }
}

function checkAddress(setting: string, kind: keyof typeof protocols, address: string): void {
  const protocol = URL.canParse(address) ? new URL(address).protocol : ''
  if (!(protocols[kind] as readonly string[]).includes(protocol))
    throw new SettingError(setting, `must be an address such as ${protocols[kind][0]}//cache.internal`)
}

function readKeys(section: Section): KeyRingOptions {
  const setting = section.nameOf('Keys__0')
  const pairs = section.list('Keys').flatMap((each) => (each.value === undefined ? [] : [each.value]))
  const keys = pairs.map((pair, at) => readKey(section.nameOf(`Keys__${at}`), pair))
  const [first] = keys
  if (first === undefined)
    throw new SettingError(
      setting,
      'is missing: a shared cache is sealed; give a key as id:base64 of 32 random bytes, such as "k1:$(openssl rand -base64 32)"',
    )
  return { current: first[0], keys: Object.fromEntries(keys) }
}

function readKey(setting: string, pair: string): readonly [id: string, key: string] {
  const [, id, key] = /^([\w-]{1,32}):(.+)$/.exec(pair) ?? []
  if (id === undefined || key === undefined || Buffer.from(key, 'base64').length !== 32)
    throw new SettingError(setting, 'must be id:base64, the base64 of exactly 32 random bytes')
  return [id, key]
}
