// A script for the real tenant: Azure CLI that sends Graph bodies. It can be run again: what is there already is changed, not made twice.
import { printableJson } from '../../kernel/printable.ts'
import { agentFunctions, agentVariable, describeAgents, makeBlueprint } from './azure-cli-agents.ts'
import type { Registrations } from '../definition.ts'
import { quote } from './bash.ts'
import { buildApplicationBody, buildPreAuthorizations, type BodyContext } from './graph-bodies.ts'
import { Placeholders } from './placeholders.ts'
import { resolveApplications, type ResolvedApplication } from '../resolve-applications.ts'
import { uniqueNameOf } from './unique-name.ts'

/** The script, for bash. */
export function buildScript(registrations: Registrations): string {
  const placeholders = new Placeholders(registrations)
  const variable = (name: string): string => placeholders.for(`\${${name}}`)
  const known = (name: string): string | undefined =>
    registrations.applications[name]?.clientId?.toLowerCase()
  const applications = resolveApplications(registrations, (name) => known(name) ?? variable(`${name}_id`))
  const lookUps = new Map<string, string>()
  const context: BodyContext = {
    applications,
    permissionId(apiId, kind, name) {
      const key = `${kind}_id ${quote(apiId)} ${quote(name.replaceAll("'", "\\'"))}`
      const found = lookUps.get(key) ?? `permission_${String(lookUps.size + 1)}`
      lookUps.set(key, found)
      return variable(found)
    },
  }
  const steps = applications.map((application) =>
    describeSteps(application, known(application.name), { ...context, registrations, placeholders }),
  )
  return [
    ...head(registrations.tenantId),
    ...(applications.some(({ agents }) => agents !== undefined) ? agentFunctions : []),
    ...[...lookUps].map(([command, name]) => `${name}=$(${command})`),
    '',
    '# Which applications there are: what refers to another one needs its id.',
    ...steps.flatMap(({ first }) => first),
    '',
    '# What they are.',
    ...steps.flatMap(({ then }) => then),
    ...steps.flatMap(({ last }) => last),
    ...applications.flatMap((application) =>
      describeAgents(application, (id) =>
        placeholders.render(
          id,
          (part) => part,
          (part) => `"${part}"`,
        ),
      ),
    ),
    "echo 'Done. Add the client ids to the file of registrations:'",
    ...applications.flatMap(({ name, agents = [] }) => [
      `echo "  ${name}: $${name}_id"`,
      ...agents.map(
        (agent, index) => `echo "  ${name}.agents.${agent.name}: $${agentVariable(name, index)}"`,
      ),
    ]),
    '',
  ].join('\n')
}

function head(tenantId: string): readonly string[] {
  return [
    '#!/usr/bin/env bash',
    '# Registers the applications in the tenant. Written by midtier registration script; change the file of registrations instead.',
    '# Needs Azure CLI, signed in as somebody who may register applications: az login --allow-no-subscriptions',
    'set -euo pipefail',
    'graph=${GRAPH_URL:-https://graph.microsoft.com/v1.0}',
    '',
    'send() { # <method> <path> <body> [header]',
    '  az rest --method "$1" --url "$graph/$2" --headers Content-Type=application/json ${4:+"$4"} --body "$3" --output none',
    '}',
    'get() { # <path> <query>',
    '  az rest --method get --url "$graph/$1" --query "$2" --output tsv',
    '}',
    'found() { # <id> <what>: an empty answer ends the script before anything wrong is written',
    '  if [ -z "$1" ]; then echo "not found: $2" >&2; exit 1; fi',
    '  echo "$1"',
    '}',
    'scope_id() { # <client id of the API> <name>',
    `  found "$(get "servicePrincipals(appId='$1')" "oauth2PermissionScopes[?value=='$2'].id | [0]")" "the scope $2 of $1"`,
    '}',
    'role_id() { # <client id of the API> <name>',
    `  found "$(get "servicePrincipals(appId='$1')" "appRoles[?value=='$2'].id | [0]")" "the app role $2 of $1"`,
    '}',
    '',
    `tenant=$(az account show --query tenantId --output tsv)`,
    `if [ "$tenant" != '${tenantId}' ]; then`,
    `  echo "signed in to the tenant $tenant; these registrations are of ${tenantId}" >&2`,
    '  exit 1',
    'fi',
    '',
  ]
}

interface Steps {
  readonly first: readonly string[]
  readonly then: readonly string[]
  readonly last: readonly string[]
}

function describeSteps(
  application: ResolvedApplication,
  clientId: string | undefined,
  context: BodyContext & { readonly registrations: Registrations; readonly placeholders: Placeholders },
): Steps {
  const { name, displayName, agents } = application
  const id = `${name}_id`
  const uniqueName = clientId === undefined ? uniqueNameOf(context.registrations, name) : undefined
  const first =
    uniqueName === undefined
      ? [`${id}=${String(clientId)}`]
      : [
          agents === undefined
            ? makeApplication(uniqueName, displayName)
            : makeBlueprint(uniqueName, displayName),
          `${id}=$(found "$(get "applications(uniqueName='${uniqueName}')?\\$select=appId" appId)" ${quote(uniqueName)})`,
        ]
  const principal =
    agents === undefined
      ? `send patch "servicePrincipals(appId='$${id}')" '{}' Prefer=create-if-missing`
      : `blueprint_principal "$${id}"\n${name}_path=$(blueprint_path "$${id}")`
  const target = agents === undefined ? `"applications(appId='$${id}')"` : `"$${name}_path"`
  return {
    first: [...first, principal],
    then: [
      `send patch ${target} "$(cat <<EOF`,
      inHereDocument(buildApplicationBody(application, context), context.placeholders),
      'EOF',
      ')"',
    ],
    // An empty list, too: it takes back what somebody added in the portal.
    last: [
      `send patch ${target} "$(cat <<EOF`,
      inHereDocument(buildPreAuthorizations(application), context.placeholders),
      'EOF',
      ')"',
    ],
  }
}

function makeApplication(uniqueName: string, displayName: string): string {
  const body = quote(printableJson({ displayName }))
  return `send patch "applications(uniqueName='${uniqueName}')" ${body} Prefer=create-if-missing`
}

/** In a here-document the shell reads `$`, back-ticks and backslashes. */
function inHereDocument(body: object, placeholders: Placeholders): string {
  return placeholders.render(
    printableJson(body),
    (part) => part.replace(/[\\$`]/g, '\\$&'),
    (expression) => expression,
  )
}
