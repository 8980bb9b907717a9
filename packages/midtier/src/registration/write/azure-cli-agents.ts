// The part of the script that makes agents: blueprints, which are no ordinary applications from the start, agents below them, and what these inherit.
import { printableJson } from '../../kernel/printable.ts'
import { quote } from './bash.ts'
import type { ResolvedApplication } from '../resolve-applications.ts'

/** What the steps use. @see https://learn.microsoft.com/graph/api/resources/agentid-platform-overview */
export const agentFunctions: readonly string[] = [
  '# Agents need more rights than Azure CLI asks for a person: sign in as an application with AgentIdentityBlueprint.ReadWrite.All,',
  '# AgentIdentityBlueprintPrincipal.Create and AgentIdentity.ReadWrite.All, or as an Agent ID Administrator. Somebody answers for',
  '# every agent: SPONSOR is the object id of that person; you, when it is not set.',
  'sponsor=$(found "${SPONSOR:-$(az ad signed-in-user show --query id --output tsv)}" "a sponsor: set SPONSOR")',
  'sponsors="\\"sponsors@odata.bind\\":[\\"$graph/users/$sponsor\\"]"',
  '',
  'make_blueprint() { # <unique name> <display name in JSON>',
  '  get "applications(uniqueName=\'$1\')?\\$select=appId" appId >/dev/null 2>&1 ||',
  '    send patch "applications(uniqueName=\'$1\')/microsoft.graph.agentIdentityBlueprint" "{\\"displayName\\":$2,$sponsors}" Prefer=create-if-missing',
  '}',
  'blueprint_path() { # <client id>',
  '  local id; id=$(get "applications(appId=\'$1\')" id) || exit 1',
  '  echo "applications/$id/microsoft.graph.agentIdentityBlueprint"',
  '}',
  'blueprint_principal() { # <client id>',
  '  get "servicePrincipals(appId=\'$1\')" id >/dev/null 2>&1 ||',
  '    send post servicePrincipals/microsoft.graph.agentIdentityBlueprintPrincipal "{\\"appId\\":\\"$1\\"}"',
  '}',
  'agent_id() { # <blueprint> <display name in JSON> <display name in a URL>: that of the agent, which is made if there is none',
  '  local agents=servicePrincipals/microsoft.graph.agentIdentity filter id',
  "  filter=\"agentIdentityBlueprintId%20eq%20'$1'%20and%20displayName%20eq%20'$3'\"",
  '  id=$(get "$agents?\\$filter=$filter" "value[0].id") || exit 1',
  '  if [ -z "$id" ]; then',
  '    id=$(az rest --method post --url "$graph/$agents" --headers Content-Type=application/json \\',
  '      --body "{\\"displayName\\":$2,\\"agentIdentityBlueprintId\\":\\"$1\\",$sponsors}" --query id --output tsv) || exit 1',
  '  fi',
  '  found "$id" "the agent $2"',
  '}',
  'inherit() { # <blueprint> <APIs>: what the blueprint is granted of them, its agents have, and of no other',
  '  local path api there wanted scopes=\'"inheritableScopes":{"@odata.type":"microsoft.graph.allAllowedScopes"}\'',
  '  path="$(blueprint_path "$1")/inheritablePermissions"; shift',
  '  there=$(get "$path" "value[].resourceAppId"); wanted=" $* "',
  '  for api in $there; do',
  '    case "$wanted" in *" $api "*) send patch "$path/$api" "{$scopes}";; *) az rest --method delete --url "$graph/$path/$api" --output none;; esac',
  '  done',
  '  for api in "$@"; do',
  '    case " $(echo $there) " in *" $api "*) ;; *) send post "$path" "{\\"resourceAppId\\":\\"$api\\",$scopes}";; esac',
  '  done',
  '}',
  '',
]

/** Makes a blueprint once; after that it is changed as an application is. */
export function makeBlueprint(uniqueName: string, displayName: string): string {
  return `make_blueprint ${quote(uniqueName)} ${quote(printableJson(displayName))}`
}

/** Holds the id of an agent. */
export function agentVariable(blueprint: string, index: number): string {
  return `${blueprint}_agent_${String(index + 1)}`
}

/** The agents of a blueprint. Others than those of the file are left alone: `diff` names them. */
export function describeAgents(
  { name, agents, downstream }: ResolvedApplication,
  idOf: (clientId: string) => string,
): readonly string[] {
  if (agents === undefined) return []
  const blueprint = `"$${name}_id"`
  return [
    '',
    `# The agents of ${name}.`,
    ['inherit', blueprint, ...downstream.map(({ clientId }) => idOf(clientId))].join(' '),
    ...agents.flatMap(({ clientId, displayName, isKnown }, index) => {
      const variable = agentVariable(name, index)
      const inJson = quote(printableJson(displayName))
      if (!isKnown) {
        const inUrl = quote(encodeURIComponent(displayName.replaceAll("'", "''")))
        return [`${variable}=$(agent_id ${blueprint} ${inJson} ${inUrl})`]
      }
      const body = quote(printableJson({ displayName }))
      return [
        `${variable}=${clientId}`,
        `send patch "servicePrincipals/$${variable}/microsoft.graph.agentIdentity" ${body}`,
      ]
    }),
  ]
}
