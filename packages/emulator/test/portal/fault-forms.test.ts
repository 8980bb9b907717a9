// Faults by hand: what each choice of the form becomes, and the sentence that says it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator, type Fault } from '../../src/index.ts'
import { alice, daemon, todoApi } from '../scenario.ts'
import { openPortal, textOf, type Portal } from './portal-browser.ts'

let emulator: Emulator
let portal: Portal
beforeAll(async () => {
  emulator = await createEmulator()
  portal = openPortal(emulator)
})
afterAll(() => emulator.stop())

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const empty = {
  ...{ endpoint: '', grantType: '', clientId: '', user: '', resource: '' },
  ...{ effect: 'status', value: '', retryAfter: '', times: '', nth: '' },
}

describe('a fault that is typed', () => {
  it.each<[sentence: string, fields: Record<string, string>, fault: Fault]>([
    ['All requests are answered 503', {}, { when: {}, then: { status: 503 } }],
    [
      'All requests are answered 418 and get retry-after as well',
      { value: '418', retryAfter: '7' },
      { when: {}, then: { status: 418, headers: { 'retry-after': '7' } } },
    ],
    [
      'Token requests are refused with AADSTS50076',
      { endpoint: 'token', effect: 'aadsts', value: '50076' },
      { when: { endpoint: 'token' }, then: { aadsts: 50076 } },
    ],
    [
      'Graph requests wait 1.5 s',
      { endpoint: 'graph', effect: 'delay', value: '1500' },
      { when: { endpoint: 'graph' }, then: { delayMs: 1500 } },
    ],
    [
      'Sign-outs are cut off',
      { endpoint: 'logout', effect: 'drop' },
      { when: { endpoint: 'logout' }, then: { drop: true } },
    ],
    [
      'Requests for the signing keys are never answered',
      { endpoint: 'keys', effect: 'hang' },
      { when: { endpoint: 'keys' }, then: { hang: true } },
    ],
    [
      'Discovery requests are cut after half of the answer, only the next 2',
      { endpoint: 'discovery', effect: 'truncate', times: '2' },
      { when: { endpoint: 'discovery', times: 2 }, then: { truncate: true } },
    ],
    [
      `Token requests of the grant jwt-bearer by Nightly report daemon of ${alice} for To Do API are cut off, only the request number 3`,
      {
        endpoint: 'token',
        grantType: jwtBearer,
        clientId: daemon,
        user: alice,
        resource: todoApi,
        effect: 'drop',
        nth: '3',
      },
      {
        when: {
          endpoint: 'token',
          grantType: jwtBearer,
          clientId: daemon,
          user: alice,
          resource: todoApi,
          nth: 3,
        },
        then: { drop: true },
      },
    ],
  ])('%s', async (sentence, fields, fault) => {
    const page = await portal.submit('/portal/faults', { ...empty, ...fields, do: 'add' })
    const [added] = emulator.faults.list()
    emulator.faults.clear()
    expect(added).toMatchObject(fault)
    expect(textOf(page)).toContain(sentence)
  })

  it.each([
    ['no number', { value: 'many' }],
    ['an AADSTS code that is missing', { effect: 'aadsts' }],
    ['an effect that there is not', { effect: 'explode' }],
  ])('is refused with %s', async (_, fields) => {
    const answer = await portal.submit('/portal/faults', { ...empty, ...fields, do: 'add' })
    expect([answer.status, emulator.faults.list()]).toEqual([400, []])
  })
})
