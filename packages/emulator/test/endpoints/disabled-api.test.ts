// An API that was disabled is nobody's resource any more, whichever way a token for it is asked for.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../../src/index.ts'
import { createBrowser } from '../browser.ts'
import { expectDecisions } from '../decisions.ts'
import {
  alice,
  authorizeUrl,
  daemon,
  middleTier,
  onBehalfOf,
  postToken,
  todoApi,
  webClient,
} from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  const applications = defaultDirectory.applications.map((application) =>
    application.id === todoApi ? { ...application, enabled: false } : application,
  )
  emulator = await createEmulator({ directory: { ...defaultDirectory, applications } })
})
afterAll(() => emulator.stop())

const refused = { error_codes: [500014] }

it('on behalf of a user', async () => {
  const assertion = await emulator.mint({
    ...{ user: alice, client: webClient, audience: middleTier, scopes: ['access_as_user'] },
  })
  const { status, body } = await postToken(emulator, onBehalfOf(assertion))
  expect(status).toBe(400)
  expect(body).toMatchObject(refused)
})

it('for an application itself', async () => {
  const secret = defaultDirectory.applications.find(({ id }) => id === daemon)?.secrets?.[0]?.value
  const { body } = await postToken(emulator, {
    grant_type: 'client_credentials',
    client_id: daemon,
    client_secret: secret!,
    scope: `api://${todoApi}/.default`,
  })
  expect(body).toMatchObject(refused)
})

it('by a sign-in', async () => {
  const scope = `api://${todoApi}/Tasks.ReadWrite`
  const page = await createBrowser(emulator.origin).open(authorizeUrl(emulator, { scope }))
  expect(page.location?.searchParams.get('error_description') ?? page.html).toContain('AADSTS500014')
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/disabled-api.txt')
})
