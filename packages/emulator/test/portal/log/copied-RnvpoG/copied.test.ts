import { createEmulator } from '@midtier/emulator'
import { expect, it } from 'vitest'

it("On-behalf-of → To Do API: refused (50076)", async () => {
  const emulator = await createEmulator({"policies":[{"name":"MFA","resource":"a0000000-0000-4000-8000-000000000003","kind":"require_mfa","id":"52a79a0e-7dad-5984-8658-e18ec7f33605","enabled":true}]})
  try {
    await emulator.directory.consents.grant({"tenantId":"c0000000-0000-4000-8000-000000000001","resourceId":"a0000000-0000-4000-8000-000000000003","clientId":"a0000000-0000-4000-8000-000000000002","scopes":["Tasks.ReadWrite"]})
    await emulator.directory.consents.grant({"tenantId":"c0000000-0000-4000-8000-000000000001","resourceId":"00000003-0000-0000-c000-000000000000","clientId":"a0000000-0000-4000-8000-000000000002","scopes":["User.Read"]})
    await emulator.directory.consents.grant({"tenantId":"f0000000-0000-4000-8000-000000000001","resourceId":"a0000000-0000-4000-8000-000000000003","clientId":"a0000000-0000-4000-8000-000000000002","scopes":["Tasks.ReadWrite"]})
    await emulator.directory.consents.grant({"tenantId":"f0000000-0000-4000-8000-000000000001","resourceId":"00000003-0000-0000-c000-000000000000","clientId":"a0000000-0000-4000-8000-000000000002","scopes":["User.Read"]})
    const token = await emulator.mint({"user":"c0000000-0000-4000-8000-0000000000a1","client":"a0000000-0000-4000-8000-000000000001","audience":"a0000000-0000-4000-8000-000000000002","scopes":["access_as_user"],"tenant":"c0000000-0000-4000-8000-000000000001","amr":["pwd"]})
    const [secret] = emulator.directory.findApplication("a0000000-0000-4000-8000-000000000002")?.secrets ?? []
    const response = await fetch(`${emulator.origin}/c0000000-0000-4000-8000-000000000001/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "requested_token_use": "on_behalf_of",
        "client_id": "a0000000-0000-4000-8000-000000000002",
        client_secret: secret?.value ?? '',
        "scope": "api://a0000000-0000-4000-8000-000000000003/Tasks.ReadWrite",
        assertion: token,
      }),
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error_codes: [50076] })
  } finally {
    await emulator.stop()
  }
})
