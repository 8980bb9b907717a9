// What refusing each hostile token of the test suite costs, beside a valid token that was never seen before.
import { existsSync, readdirSync } from 'node:fs'
import { register } from 'node:module'
import { createWebApi } from '../packages/midtier/dist/esm/index.js'
import { median } from './rounds.mjs'

const tests = new URL('../packages/midtier/test/', import.meta.url)
const folder = new URL('hostile-tokens/', tests)
const callsABurst = 16

/** `undefined` when there is no such suite. */
export async function measureHostileTokens({ rounds, progress }) {
  if (!existsSync(new URL('hostile-case.ts', folder))) return undefined
  register('./typescript-hooks.mjs', import.meta.url)
  const attacks = await loadAttacks()
  const valid = { call: await validCall(), times: [] }
  for (let lap = 0; lap < 200; lap++) await burst(valid)
  for (const attack of attacks) for (let lap = 0; lap < 5; lap++) await burst(attack)
  for (let round = 0; round < rounds; round++) {
    progress(`Refusing ${attacks.length} hostile tokens: round ${round + 1} of ${rounds}`)
    for (const attack of attacks) attack.times.push(await burst(attack))
    for (let lap = 0; lap < 20; lap++) valid.times.push(await burst(valid))
  }
  return summarise(valid, attacks)
}

/** A group is a file of the suite that exports a list of cases. */
async function loadAttacks() {
  const { createTarget } = await import(new URL('targets.ts', folder).href)
  const { forge } = await import(new URL('token-forge.ts', folder).href)
  const apis = new Map()
  const apiOf = (target) => apis.get(target) ?? apis.set(target, createTarget(target).api).get(target)
  const attacks = []
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.includes('.test.'))) {
    const exported = Object.values(await import(new URL(file, folder).href))
    for (const attack of exported.filter(Array.isArray).flat().filter(isCase))
      attacks.push(prepare(file.replace('.ts', ''), attack, apiOf, forge))
  }
  return attacks
}

function isCase(value) {
  return typeof value?.make === 'function' && value.stoppedByServer !== true
}

function prepare(group, { name, make, against = 'single', route }, apiOf, forge) {
  const sent = make(forge)
  const fields = typeof sent === 'string' ? `Bearer ${sent}` : sent.fields
  const authenticate = sender(apiOf(against), fields, route?.requirements)
  const call = async () => {
    const accepted = await authenticate().then(Boolean, () => false)
    if (accepted) throw new Error(`a hostile token was accepted: ${name}`)
  }
  return { group, name, call, times: [] }
}

/** Without a cache, so that one valid token is new every time. */
async function validCall() {
  const { createClock, createFakeAuthority, serveEntra } = await import(
    new URL('authority/fake-authority.ts', tests).href
  )
  const { clientId, createSigner, signToken, tenantId, userClaims } = await import(
    new URL('jwt/token-builder.ts', tests).href
  )
  const authority = createFakeAuthority()
  const signer = createSigner('key-1')
  serveEntra(authority, [signer])
  const api = createWebApi({
    tenantId,
    clientId,
    clock: createClock(),
    fetch: authority.fetch,
    maxCachedTokens: 0,
  })
  return sender(api, `Bearer ${signToken({ claims: userClaims(), signer })}`)
}

function sender(api, fields, requirements) {
  const header = (name) => (name === 'authorization' ? fields : undefined)
  return () => api.authenticate({ header, method: 'GET', url: '/' }, requirements)
}

async function burst({ call }) {
  const start = performance.now()
  for (let index = 0; index < callsABurst; index++) await call()
  return ((performance.now() - start) * 1000) / callsABurst
}

function summarise({ times }, attacks) {
  const valid = median(times)
  const rated = attacks.map((attack) => ({ ...attack, ratio: median(attack.times) / valid }))
  const names = [...new Set(rated.map(({ group }) => group))]
  const groups = names.map((name) =>
    summariseGroup(
      name,
      rated.filter(({ group }) => group === name),
    ),
  )
  return { valid, groups, worst: Math.max(...groups.map(({ worst }) => worst)) }
}

function summariseGroup(name, cases) {
  const dearest = cases.reduce((most, one) => (one.ratio > most.ratio ? one : most))
  return {
    name,
    cases: cases.length,
    median: median(cases.map(({ ratio }) => ratio)),
    worst: dearest.ratio,
    worstCase: dearest.name,
  }
}
