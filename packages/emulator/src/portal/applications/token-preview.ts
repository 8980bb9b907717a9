// What an application would get for a user right now, and what would stop it: the emulator's own rules, asked one after the other.
import { resolveGrant } from '../../directory/permissions.ts'
import type { Account, Directory } from '../../directory/directory.ts'
import type { Application, Tenant } from '../../directory/model.ts'
import { parseScopes, withoutScopes, type ResourceScopes } from '../../directory/scopes.ts'
import type { Emulation } from '../../endpoints/emulation.ts'
import { AadstsError } from '../../kernel/aadsts-error.ts'
import { parseObject } from '../../kernel/base64url.ts'
import { findUnmetDemand } from '../../policies/demands.ts'
import { epochSeconds } from '../../kernel/clock.ts'
import { mint } from '../../tokens/mint.ts'

/** One thing that was looked at. */
export interface PreviewStep {
  readonly name: string
  readonly outcome: 'passed' | 'failed' | 'not reached'
  readonly detail: string
}

/** What came of it. */
export interface TokenPreview {
  readonly steps: readonly PreviewStep[]
  /** Claims of the token that would be issued; absent when something stops it. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
}

/** What is asked for: for a user by name, or, without one, for the application itself. */
export interface PreviewQuestion {
  readonly application: Application
  readonly user?: string | undefined
  readonly scope: string
}

class Stopped extends Error {}

/** Asks the rules in the order in which a sign-in meets them. */
export async function previewToken(emulation: Emulation, question: PreviewQuestion): Promise<TokenPreview> {
  const names =
    question.user === undefined
      ? ['Application', 'API', 'Roles']
      : ['Application', 'User', 'API', 'Consent', 'Policies']
  const steps: PreviewStep[] = []
  const pass = (detail: string): void => {
    steps.push({ name: names[steps.length] ?? '', outcome: 'passed', detail })
  }
  try {
    const request =
      question.user === undefined
        ? askForItself(emulation, question, pass)
        : askForUser(emulation, question, question.user, pass)
    const token = await mint(emulation, request)
    const claims = parseObject(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
    return { steps, claims }
  } catch (error) {
    if (!(error instanceof Stopped) && !(error instanceof AadstsError)) throw error
    const failed = { name: names[steps.length] ?? '', outcome: 'failed' as const, detail: error.message }
    const rest = names
      .slice(steps.length + 1)
      .map((name) => ({ name, outcome: 'not reached' as const, detail: '' }))
    return { steps: [...steps, failed, ...rest] }
  }
}

type Pass = (detail: string) => void
type Minted = Parameters<typeof mint>[1]

function askForItself(emulation: Emulation, { application, scope }: PreviewQuestion, pass: Pass): Minted {
  const { directory } = emulation
  checkEnabled(application, pass)
  const tenant = homeOf(directory, application)
  const { resource, identifier, isDefault } = readScope(directory, application, scope, tenant)
  if (!isDefault)
    throw new Stopped(
      `An application asks for itself by ${resource.identifierUris?.[0] ?? resource.id}/.default`,
    )
  pass(`${resource.displayName} in ${tenant.displayName}`)
  const roles = directory.rolesOf(application.id, tenant, resource)
  if (roles.length === 0 && resource.appRoleAssignmentRequired === true)
    throw new Stopped(`AADSTS501051: ${resource.displayName} wants an assigned role, and none is`)
  pass(roles.length === 0 ? 'none assigned: a token without roles' : roles.join(', '))
  return { client: application.id, audience: identifier, tenant: tenant.id }
}

function askForUser(emulation: Emulation, question: PreviewQuestion, name: string, pass: Pass): Minted {
  const { directory, policies, clock } = emulation
  const { application, scope } = question
  checkEnabled(application, pass)
  const account = findAccount(directory, application, name)
  pass(`${account.user.displayName} in ${account.tenant.displayName}, enabled`)
  const requested = readScope(directory, application, scope, account.tenant)
  pass(`${requested.resource.displayName} as ${requested.identifier}`)
  const scopes = resolveGrant(directory, account, application, requested)
  if (scopes === undefined)
    throw new Stopped(
      `AADSTS65001: nobody has consented to ${requested.names.join(', ') || 'anything'} of ${requested.resource.displayName}`,
    )
  pass(scopes.join(', '))
  const demand = findUnmetDemand(policies, {
    account,
    resources: [requested.resource],
    session: { sid: '', authTime: epochSeconds(clock), amr: ['pwd'] },
    claims: { policyIds: [], authContexts: [] },
    ageSeconds: 0,
  })
  if (demand !== undefined)
    throw new Stopped(
      `${demandWords[demand.kind]}: ${demand.policies.map((policy) => policy.name).join(', ')}`,
    )
  pass('none is in the way of a sign-in by password')
  return {
    client: application.id,
    user: account.user.username,
    audience: requested.identifier,
    tenant: account.tenant.id,
    scopes,
  }
}

const demandWords = {
  block: 'AADSTS53003, blocked',
  fresh_sign_in: 'AADSTS70043, a fresh sign-in is demanded',
  registration: 'AADSTS50079, a second step has to be registered',
  mfa: 'AADSTS50076, a second step is demanded',
} as const

function checkEnabled(application: Application, pass: Pass): void {
  if (application.enabled === false) throw new Stopped('AADSTS7000112: the application is disabled')
  pass(`${application.displayName}, enabled`)
}

function homeOf(directory: Directory, { tenantId }: Application): Tenant {
  const tenant = tenantId === undefined ? directory.tenants[0] : directory.findTenant(tenantId)
  if (tenant === undefined) throw new Stopped('The application has no home tenant')
  return tenant
}

function findAccount(directory: Directory, application: Application, name: string): Account {
  const user = directory.findUser(name)
  if (user === undefined) throw new Stopped(`AADSTS50034: the directory has no user ${name}`)
  if (!directory.isEnabled(user)) throw new Stopped(`AADSTS50057: ${user.displayName} is disabled`)
  const isAnyTenant =
    application.tenantId === undefined || application.signInAudience === 'AzureADMultipleOrgs'
  const tenant = directory.findTenant(isAnyTenant ? user.tenantId : (application.tenantId ?? ''))
  const account = tenant && directory.findAccount(user, tenant)
  if (account === undefined)
    throw new Stopped(
      `AADSTS50020: ${user.displayName} is no member and no guest of the application’s tenant`,
    )
  return account
}

function readScope(directory: Directory, client: Application, scope: string, tenant: Tenant): ResourceScopes {
  const [first, second] = parseScopes(scope, directory, { client, tenant, forItself: true }).resources
  if (second !== undefined) throw new Stopped('AADSTS28000: one token is for one API')
  return first ?? withoutScopes(directory)
}
