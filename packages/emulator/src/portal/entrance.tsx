// The entrance of the portal: what a newcomer looks for first, as much of it as fits on a page.
import type { AgentIdentity, Application } from '../directory/model.ts'
import type { Emulation } from '../endpoints/emulation.ts'
import { formFields } from '../endpoints/form-proof.ts'
import { homeFormPath } from '../endpoints/home/home-form.ts'
import { sendPage } from '../endpoints/page.tsx'
import type { EmulatorContext } from '../http/exchange.ts'
import { chooseOrigins } from '../kernel/origins.ts'
import { HomePage, homeScripts } from '../ui/home-page.tsx'
import { kindOf } from './applications/application-kind.ts'
import { listPolicy } from './bad-days/list-policy.ts'
import { Frame } from './frame.tsx'
import type { Page } from './portal-form.tsx'

/** How many accounts, tenants, policies and applications it lists; the sections of the portal have all of them. */
const listed = 12

/** GET / */
export function showEntrance(c: EmulatorContext, emulation: Emulation): Page {
  const { origins, directory, policies } = emulation
  const applications = [...directory.applications, ...directory.agentIdentities].slice(0, listed)
  const page = (
    <Frame title="Home" scripts={homeScripts}>
      <HomePage
        origin={origins.isFixed ? origins.issuer : origins.http}
        httpsOrigin={origins.https}
        issuerOrigin={chooseOrigins(origins).issuer}
        tenants={directory.tenants.slice(0, listed).map(({ id, displayName, domains }) => ({
          id,
          name: displayName,
          domains: domains.slice(0, listed),
        }))}
        users={directory.users.slice(0, listed).map((user) => ({
          username: user.username,
          displayName: user.displayName,
          tenantName: directory.findTenant(user.tenantId)?.displayName ?? user.tenantId,
          password: user.password,
          revokedAt: revocationTime(directory.tokensValidFrom(user)),
        }))}
        policies={policies
          .list()
          .slice(0, listed)
          .map((policy) => listPolicy(policy, directory))}
        form={{ action: homeFormPath, fields: formFields(c, emulation) }}
        applications={applications.map((application) => ({
          id: application.id,
          name: application.displayName,
          kind: kindOfListed(application),
          scopes:
            'scopes' in application ? application.scopes.slice(0, listed).map(({ value }) => value) : [],
        }))}
      />
    </Frame>
  )
  return sendPage(c, page)
}

function kindOfListed(application: Application | AgentIdentity): string {
  return 'blueprintId' in application ? 'agent' : kindOf(application)
}

function revocationTime(epochMs: number): string | undefined {
  return epochMs === 0 ? undefined : new Date(epochMs).toISOString()
}
