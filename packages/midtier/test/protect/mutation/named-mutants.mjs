// Faults that somebody might put into the token gate: each must turn a test red (`scripts/mutate-checks.mjs`).

/**
 * A fault in `file` (below `src/`): the `passes` of the row `check` becomes the function `replace`; or the expression `find`,
 * which has to occur exactly once, becomes the expression `replace`.
 *
 * @typedef {{ readonly name: string, readonly file: string, readonly check?: string, readonly find?: string, readonly replace: string }} NamedMutant
 */

/** @type {readonly NamedMutant[]} */
export const namedMutants = [
  // Algorithm and signature
  {
    name: 'the algorithm allow-list is open',
    file: 'protect/checks/form-checks.ts',
    check: 'algorithm',
    replace: `({ header }) => typeof header['alg'] === 'string'`,
  },
  {
    name: 'the algorithm is compared without its case',
    file: 'protect/checks/form-checks.ts',
    check: 'algorithm',
    replace: `({ header, algorithms }) => algorithms.includes(String(header['alg']).trim().toUpperCase())`,
  },
  {
    name: 'any signature will do',
    file: 'protect/stages.ts',
    find: `!(await verifyJws(jws, key.verification))`,
    replace: `false`,
  },
  {
    name: 'an unknown kid gets the first key',
    file: 'authority/signing-keys.ts',
    find: `{ key: keys.get(kid), metadata }`,
    replace: `{ key: keys.get(kid) ?? keys.values().next().value, metadata }`,
  },
  {
    name: 'two keys of one kid: the first one counts',
    file: 'authority/key-set.ts',
    find: `same.material !== key.material`,
    replace: `false`,
  },
  {
    name: 'a key of another cloud counts',
    file: 'authority/key-set.ts',
    find: `cloud !== undefined && context.cloudInstanceName !== undefined && cloud !== context.cloudInstanceName`,
    replace: `false`,
  },

  // Agents
  {
    name: 'an agent may do what its blueprint may',
    file: 'protect/requirements/requirement-checks.ts',
    find: `rule.ids?.has(agent.id.toLowerCase()) === false`,
    replace: `rule.ids?.has(agent.blueprintId ?? agent.id) === false`,
  },
  {
    name: 'an agent’s user account is a person',
    file: 'protect/requirements/requirement-checks.ts',
    find: `principal.agent?.kind === 'userAccount' || traitsOf(principal).hasUnclearFacets`,
    replace: `traitsOf(principal).hasUnclearFacets`,
  },
  {
    name: 'facets that cannot be read make a user',
    file: 'protect/requirements/requirement-checks.ts',
    find: `principal.agent?.kind === 'userAccount' || traitsOf(principal).hasUnclearFacets`,
    replace: `principal.agent?.kind === 'userAccount'`,
  },
  {
    name: 'facets that cannot be read are no agent’s',
    file: 'protect/requirements/requirement-checks.ts',
    find: `isForAll(rule) || !hasUnclearFacets`,
    replace: `true`,
  },
  {
    name: 'facets that cannot be read are a person’s',
    file: 'protect/agent.ts',
    find: `facets !== undefined && parseFacets(facets) === undefined`,
    replace: `false`,
  },
  {
    name: 'an agent by itself is one for a person',
    file: 'protect/requirements/requirement-checks.ts',
    find: `agent.kind === 'onBehalfOf'`,
    replace: `agent.kind !== 'userAccount'`,
  },
  {
    name: 'an agent’s user account is one for a person',
    file: 'protect/agent.ts',
    find: `subject.has(agentIdentity) || subject.has(agentUserAccount)`,
    replace: `subject.has(agentIdentity)`,
  },
  {
    name: 'a slash is a scope',
    file: 'protect/checks/claim-checks.ts',
    find: `scopes.trim() === '/'`,
    replace: `false`,
  },

  // Who issued it
  {
    name: 'keys are not bound to their issuer',
    file: 'protect/checks/issuer-checks.ts',
    check: 'keyIssuer',
    replace: `() => true`,
  },
  {
    name: 'an issuer is compared by its beginning',
    file: 'protect/checks/issuer-checks.ts',
    find: `claims['iss'] === issuerOfTenant(issuer.issuer, tenant)`,
    replace: `String(claims['iss']).startsWith(new URL(issuer.issuer).origin)`,
  },
  {
    name: 'the tenant of the token is not compared with the one in its issuer',
    file: 'protect/checks/issuer-checks.ts',
    find: `claims['iss'] === issuerOfTenant(issuer.issuer, tenant)`,
    replace: `claims['iss'] === issuerOfTenant(issuer.issuer, String(claims['iss']).split('/')[3] ?? '')`,
  },
  {
    name: 'the list of tenants is not looked at',
    file: 'protect/checks/issuer-checks.ts',
    find: `tenants?.has(tenant) ?? true`,
    replace: `true`,
  },
  {
    name: 'personal accounts count as a work tenant',
    file: 'protect/checks/issuer-checks.ts',
    find: `tenant === consumersTenantId && !authority.personalAccounts`,
    replace: `false`,
  },
  {
    name: 'a v1.0 token needs no v1.0 issuer',
    file: 'protect/checks/issuer-checks.ts',
    check: 'version',
    replace: `({ claims }) => ['1.0', '2.0', undefined].includes(claims['ver'])`,
  },

  // What it is for
  {
    name: 'no audience configured means any audience',
    file: 'protect/trusts.ts',
    find: `audiences === null`,
    replace: `audiences === null || audiences.length === 0`,
  },
  {
    name: 'an audience is compared by its beginning',
    file: 'protect/checks/claim-checks.ts',
    check: 'audience',
    replace: `({ claims, trust: { audiences } }) => audiences === undefined || [...audiences].some((own) => String(claims['aud']).startsWith(own))`,
  },
  {
    name: 'api://{client id} is an audience of v2.0 tokens too',
    file: 'protect/trusts.ts',
    find: `version === '1.0' ? [\`api://\${clientId}\`] : []`,
    replace: `[\`api://\${clientId}\`]`,
  },
  {
    name: 'a token without any permission is accepted unasked',
    file: 'protect/checks/claim-checks.ts',
    find: `trust.registration.acceptTokensWithoutPermissions === true`,
    replace: `trust.registration.acceptTokensWithoutPermissions !== false`,
  },
  {
    name: 'a token without scp is an application’s, whatever else it says',
    file: 'protect/checks/claim-checks.ts',
    find: `objectId !== undefined && objectId === readText(claims['sub']) ? 'app' : undefined`,
    replace: `'app'`,
  },
  {
    name: 'idtyp app with scp is a user',
    file: 'protect/checks/claim-checks.ts',
    find: `type === undefined || type === 'user' ? 'user' : undefined`,
    replace: `'user'`,
  },

  // When it is valid
  {
    name: 'the clock tolerance is a thousand times as long',
    file: 'protect/stages.ts',
    find: `{ claims, trust, nowSeconds: Math.floor(nowMs / 1000), clockToleranceSeconds }`,
    replace: `{ claims, trust, nowSeconds: Math.floor(nowMs / 1000), clockToleranceSeconds: clockToleranceSeconds * 1000 }`,
  },
  {
    name: 'a token lives one second too long',
    file: 'protect/checks/time-checks.ts',
    check: 'expired',
    replace: `({ claims, nowSeconds, clockToleranceSeconds }) => nowSeconds <= claims['exp'] + clockToleranceSeconds`,
  },
  {
    name: 'a token without nbf is accepted of Entra',
    file: 'protect/checks/time-checks.ts',
    check: 'lifetime',
    replace: `({ claims }) => claims['exp'] !== undefined`,
  },

  // What is remembered
  {
    name: 'a remembered token never expires',
    file: 'protect/verified-tokens.ts',
    find: `nowSeconds < token.endSeconds`,
    replace: `true`,
  },
  {
    name: 'a remembered token is valid before its time',
    file: 'protect/verified-tokens.ts',
    find: `token.startSeconds <= nowSeconds`,
    replace: `true`,
  },
  {
    name: 'a remembered token outlives its key',
    file: 'protect/verified-tokens.ts',
    find: `token.trust.keys.honours(token.key)`,
    replace: `true`,
  },
  {
    name: 'a remembered token meets every requirement',
    file: 'protect/validate-access-token.ts',
    find: `meetRequirements(principal, route)`,
    replace: `call.fromCache ? undefined : meetRequirements(principal, route)`,
  },
  {
    name: 'a token is remembered by its end alone',
    file: 'protect/validate-access-token.ts',
    find: `sha256(token)`,
    replace: `token.slice(-12)`,
  },
  {
    name: 'keys are honoured for ever while the authority is down',
    file: 'authority/signing-keys.ts',
    find: `ageMs >= this.#longestAgeMs()`,
    replace: `false`,
  },

  // What a route demands
  {
    name: 'all scopes or roles are needed, one is enough',
    file: 'protect/requirements/requirement-checks.ts',
    find: `rule.names.every((name) => held.includes(name))`,
    replace: `rule.names.some((name) => held.includes(name))`,
  },
  {
    name: 'one scope or role is enough, all are demanded',
    file: 'protect/requirements/requirement-checks.ts',
    find: `rule.names.some((name) => held.includes(name))`,
    replace: `rule.names.every((name) => held.includes(name))`,
  },
  {
    name: 'both scope and role are needed, the scope is enough',
    file: 'protect/requirements/requirement-checks.ts',
    find: `match === 'both' || scopeRule === undefined || principal.kind === 'app'`,
    replace: `scopeRule === undefined || principal.kind === 'app'`,
  },
  {
    name: 'a role stands in for the scope of a user',
    file: 'protect/requirements/requirement-checks.ts',
    find: `!isMeasuredByScopes(principal, requirements) || meets(principal.scopes, requirements.scopes)`,
    replace: `!isMeasuredByScopes(principal, requirements) || meets([...principal.scopes, ...principal.roles], { all: false, names: [...(requirements.scopes?.names ?? []), ...(requirements.roles?.names ?? [])] })`,
  },
  {
    name: 'denied tenants are not looked at',
    file: 'protect/requirements/requirement-checks.ts',
    check: 'tenants',
    replace: `({ principal, requirements }) => requirements.allowedTenants?.has(principal.tenantId) ?? true`,
  },
  {
    name: 'a client without an id is on every list',
    file: 'protect/requirements/requirement-checks.ts',
    check: 'clients',
    replace: `({ principal: { clientId }, requirements: { allowedClients } }) => allowedClients === undefined || clientId === undefined || allowedClients.has(clientId.toLowerCase())`,
  },
  {
    name: 'the authentication context is not looked at',
    file: 'protect/requirements/meet-requirements.ts',
    find: `!hasAuthenticationContext(evidence)`,
    replace: `false`,
  },
  {
    name: 'the route’s own check passes unless it says false',
    file: 'protect/requirements/meet-requirements.ts',
    find: `passed !== true`,
    replace: `passed === false`,
  },
  {
    name: 'the requirements of the whole API give way to those of the route',
    file: 'protect/validate-access-token.ts',
    find: `meetRequirements(principal, this.#always)`,
    replace: `route !== undefined ? undefined : meetRequirements(principal, this.#always)`,
  },
  {
    name: 'an own check does away with the other requirements',
    file: 'protect/validate-access-token.ts',
    find: `meetRequirements(principal, demanded)`,
    replace: `undefined`,
  },
  {
    name: 'nobody waits for an own check',
    file: 'protect/validate-access-token.ts',
    find: `await passOwnCheck(demanded.check, principal, caller)`,
    startsStatement: true,
    replace: `void passOwnCheck(demanded.check, principal, caller).catch(() => undefined)`,
  },
  {
    name: 'nobody waits for the revocations',
    file: 'protect/validate-access-token.ts',
    find: `await reading`,
    replace: `void reading?.catch(() => undefined)`,
  },
]
