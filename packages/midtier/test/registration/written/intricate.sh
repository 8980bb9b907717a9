#!/usr/bin/env bash
# Registers the applications in the tenant. Written by midtier registration script; change the file of registrations instead.
# Needs Azure CLI, signed in as somebody who may register applications: az login --allow-no-subscriptions
set -euo pipefail
graph=${GRAPH_URL:-https://graph.microsoft.com/v1.0}

send() { # <method> <path> <body> [header]
  az rest --method "$1" --url "$graph/$2" --headers Content-Type=application/json ${4:+"$4"} --body "$3" --output none
}
get() { # <path> <query>
  az rest --method get --url "$graph/$1" --query "$2" --output tsv
}
found() { # <id> <what>: an empty answer ends the script before anything wrong is written
  if [ -z "$1" ]; then echo "not found: $2" >&2; exit 1; fi
  echo "$1"
}
scope_id() { # <client id of the API> <name>
  found "$(get "servicePrincipals(appId='$1')" "oauth2PermissionScopes[?value=='$2'].id | [0]")" "the scope $2 of $1"
}
role_id() { # <client id of the API> <name>
  found "$(get "servicePrincipals(appId='$1')" "appRoles[?value=='$2'].id | [0]")" "the app role $2 of $1"
}

tenant=$(az account show --query tenantId --output tsv)
if [ "$tenant" != 'c0000000-0000-4000-8000-000000000001' ]; then
  echo "signed in to the tenant $tenant; these registrations are of c0000000-0000-4000-8000-000000000001" >&2
  exit 1
fi

# Agents need more rights than Azure CLI asks for a person: sign in as an application with AgentIdentityBlueprint.ReadWrite.All,
# AgentIdentityBlueprintPrincipal.Create and AgentIdentity.ReadWrite.All, or as an Agent ID Administrator. Somebody answers for
# every agent: SPONSOR is the object id of that person; you, when it is not set.
sponsor=$(found "${SPONSOR:-$(az ad signed-in-user show --query id --output tsv)}" "a sponsor: set SPONSOR")
sponsors="\"sponsors@odata.bind\":[\"$graph/users/$sponsor\"]"

make_blueprint() { # <unique name> <display name in JSON>
  get "applications(uniqueName='$1')?\$select=appId" appId >/dev/null 2>&1 ||
    send patch "applications(uniqueName='$1')/microsoft.graph.agentIdentityBlueprint" "{\"displayName\":$2,$sponsors}" Prefer=create-if-missing
}
blueprint_path() { # <client id>
  local id; id=$(get "applications(appId='$1')" id) || exit 1
  echo "applications/$id/microsoft.graph.agentIdentityBlueprint"
}
blueprint_principal() { # <client id>
  get "servicePrincipals(appId='$1')" id >/dev/null 2>&1 ||
    send post servicePrincipals/microsoft.graph.agentIdentityBlueprintPrincipal "{\"appId\":\"$1\"}"
}
agent_id() { # <blueprint> <display name in JSON> <display name in a URL>: that of the agent, which is made if there is none
  local agents=servicePrincipals/microsoft.graph.agentIdentity filter id
  filter="agentIdentityBlueprintId%20eq%20'$1'%20and%20displayName%20eq%20'$3'"
  id=$(get "$agents?\$filter=$filter" "value[0].id") || exit 1
  if [ -z "$id" ]; then
    id=$(az rest --method post --url "$graph/$agents" --headers Content-Type=application/json \
      --body "{\"displayName\":$2,\"agentIdentityBlueprintId\":\"$1\",$sponsors}" --query id --output tsv) || exit 1
  fi
  found "$id" "the agent $2"
}
inherit() { # <blueprint> <APIs>: what the blueprint is granted of them, its agents have, and of no other
  local path api there wanted scopes='"inheritableScopes":{"@odata.type":"microsoft.graph.allAllowedScopes"}'
  path="$(blueprint_path "$1")/inheritablePermissions"; shift
  there=$(get "$path" "value[].resourceAppId"); wanted=" $* "
  for api in $there; do
    case "$wanted" in *" $api "*) send patch "$path/$api" "{$scopes}";; *) az rest --method delete --url "$graph/$path/$api" --output none;; esac
  done
  for api in "$@"; do
    case " $(echo $there) " in *" $api "*) ;; *) send post "$path" "{\"resourceAppId\":\"$api\",$scopes}";; esac
  done
}

permission_1=$(role_id 'a0000000-0000-4000-8000-000000000002' 'O\'\''Neill')
permission_2=$(role_id '00000003-0000-0000-c000-000000000000' 'User.Read.All')

# Which applications there are: what refers to another one needs its id.
param_id=a0000000-0000-4000-8000-000000000003
send patch "servicePrincipals(appId='$param_id')" '{}' Prefer=create-if-missing
send patch "applications(uniqueName='intricate-Output')" '{
  "displayName": "Output"
}' Prefer=create-if-missing
Output_id=$(found "$(get "applications(uniqueName='intricate-Output')?\$select=appId" appId)" 'intricate-Output')
send patch "servicePrincipals(appId='$Output_id')" '{}' Prefer=create-if-missing
send patch "applications(uniqueName='intricate-empty')" '{
  "displayName": "Empty"
}' Prefer=create-if-missing
empty_id=$(found "$(get "applications(uniqueName='intricate-empty')?\$select=appId" appId)" 'intricate-empty')
send patch "servicePrincipals(appId='$empty_id')" '{}' Prefer=create-if-missing
make_blueprint 'intricate-blueprint' '"Blueprint"'
blueprint_id=$(found "$(get "applications(uniqueName='intricate-blueprint')?\$select=appId" appId)" 'intricate-blueprint')
blueprint_principal "$blueprint_id"
blueprint_path=$(blueprint_path "$blueprint_id")
none_id=a0000000-0000-4000-8000-000000000001
blueprint_principal "$none_id"
none_path=$(blueprint_path "$none_id")

# What they are.
send patch "applications(appId='$param_id')" "$(cat <<EOF
{
  "displayName": "It's \\\\ \${HOME} \`id\` 🔑",
  "signInAudience": "AzureADMyOrg",
  "groupMembershipClaims": "None",
  "identifierUris": [
    "api://a0000000-0000-4000-8000-000000000003"
  ],
  "api": {
    "requestedAccessTokenVersion": 2,
    "oauth2PermissionScopes": [
      {
        "id": "5bf47726-aa1a-83f2-89cc-54b89a90bd6a",
        "value": "Read.It",
        "type": "Admin",
        "adminConsentDisplayName": "What's\\nit",
        "adminConsentDescription": "What's\\nit",
        "isEnabled": true
      }
    ],
    "knownClientApplications": [
      "${Output_id}"
    ]
  },
  "appRoles": [],
  "optionalClaims": {
    "accessToken": [],
    "idToken": []
  },
  "web": {
    "redirectUris": [],
    "implicitGrantSettings": {
      "enableIdTokenIssuance": false,
      "enableAccessTokenIssuance": false
    }
  },
  "isFallbackPublicClient": false,
  "spa": {
    "redirectUris": []
  },
  "publicClient": {
    "redirectUris": []
  },
  "requiredResourceAccess": [
    {
      "resourceAppId": "a0000000-0000-4000-8000-000000000003",
      "resourceAccess": [
        {
          "id": "5bf47726-aa1a-83f2-89cc-54b89a90bd6a",
          "type": "Scope"
        }
      ]
    },
    {
      "resourceAppId": "${Output_id}",
      "resourceAccess": [
        {
          "id": "e8842f3d-bab9-8f25-8cbc-741671a408d9",
          "type": "Scope"
        },
        {
          "id": "b0000000-0000-4000-8000-000000000001",
          "type": "Role"
        }
      ]
    }
  ]
}
EOF
)"
send patch "applications(appId='$Output_id')" "$(cat <<EOF
{
  "displayName": "Output",
  "signInAudience": "AzureADMyOrg",
  "groupMembershipClaims": "None",
  "identifierUris": [],
  "api": {
    "requestedAccessTokenVersion": 2,
    "oauth2PermissionScopes": [
      {
        "id": "e8842f3d-bab9-8f25-8cbc-741671a408d9",
        "value": "own",
        "type": "User",
        "adminConsentDisplayName": "Own",
        "adminConsentDescription": "Own",
        "userConsentDisplayName": "Own",
        "userConsentDescription": "Own",
        "isEnabled": true
      }
    ],
    "knownClientApplications": [
      "a0000000-0000-4000-8000-000000000003"
    ]
  },
  "appRoles": [
    {
      "id": "b0000000-0000-4000-8000-000000000001",
      "value": "All",
      "displayName": "All",
      "description": "All",
      "allowedMemberTypes": [
        "Application",
        "User"
      ],
      "isEnabled": true
    }
  ],
  "optionalClaims": {
    "accessToken": [],
    "idToken": []
  },
  "web": {
    "redirectUris": [],
    "implicitGrantSettings": {
      "enableIdTokenIssuance": false,
      "enableAccessTokenIssuance": false
    }
  },
  "isFallbackPublicClient": false,
  "spa": {
    "redirectUris": []
  },
  "publicClient": {
    "redirectUris": []
  },
  "requiredResourceAccess": [
    {
      "resourceAppId": "a0000000-0000-4000-8000-000000000003",
      "resourceAccess": [
        {
          "id": "5bf47726-aa1a-83f2-89cc-54b89a90bd6a",
          "type": "Scope"
        }
      ]
    },
    {
      "resourceAppId": "a0000000-0000-4000-8000-000000000002",
      "resourceAccess": [
        {
          "id": "${permission_1}",
          "type": "Role"
        }
      ]
    },
    {
      "resourceAppId": "00000003-0000-0000-c000-000000000000",
      "resourceAccess": []
    }
  ]
}
EOF
)"
send patch "applications(appId='$empty_id')" "$(cat <<EOF
{
  "displayName": "Empty",
  "signInAudience": "AzureADMyOrg",
  "groupMembershipClaims": "All",
  "identifierUris": [],
  "api": {
    "requestedAccessTokenVersion": 2,
    "oauth2PermissionScopes": [],
    "knownClientApplications": []
  },
  "appRoles": [],
  "optionalClaims": {
    "accessToken": [],
    "idToken": []
  },
  "web": {
    "redirectUris": [],
    "implicitGrantSettings": {
      "enableIdTokenIssuance": false,
      "enableAccessTokenIssuance": false
    }
  },
  "isFallbackPublicClient": false,
  "spa": {
    "redirectUris": []
  },
  "publicClient": {
    "redirectUris": []
  },
  "requiredResourceAccess": []
}
EOF
)"
send patch "$blueprint_path" "$(cat <<EOF
{
  "displayName": "Blueprint",
  "signInAudience": "AzureADMyOrg",
  "groupMembershipClaims": "None",
  "identifierUris": [],
  "api": {
    "oauth2PermissionScopes": [],
    "knownClientApplications": []
  },
  "appRoles": [],
  "optionalClaims": {
    "accessToken": [],
    "idToken": []
  },
  "web": {
    "redirectUris": [
      "https://agents.contoso.com/consented"
    ]
  },
  "requiredResourceAccess": [
    {
      "resourceAppId": "a0000000-0000-4000-8000-000000000003",
      "resourceAccess": [
        {
          "id": "5bf47726-aa1a-83f2-89cc-54b89a90bd6a",
          "type": "Scope"
        }
      ]
    },
    {
      "resourceAppId": "00000003-0000-0000-c000-000000000000",
      "resourceAccess": [
        {
          "id": "${permission_2}",
          "type": "Role"
        }
      ]
    }
  ]
}
EOF
)"
send patch "$none_path" "$(cat <<EOF
{
  "displayName": "Blueprint without agents",
  "signInAudience": "AzureADMyOrg",
  "groupMembershipClaims": "None",
  "identifierUris": [],
  "api": {
    "oauth2PermissionScopes": [],
    "knownClientApplications": []
  },
  "appRoles": [],
  "optionalClaims": {
    "accessToken": [],
    "idToken": []
  },
  "web": {
    "redirectUris": []
  },
  "requiredResourceAccess": []
}
EOF
)"
send patch "applications(appId='$param_id')" "$(cat <<EOF
{
  "api": {
    "preAuthorizedApplications": [
      {
        "appId": "${Output_id}",
        "delegatedPermissionIds": [
          "5bf47726-aa1a-83f2-89cc-54b89a90bd6a"
        ]
      },
      {
        "appId": "${blueprint_id}",
        "delegatedPermissionIds": []
      }
    ]
  }
}
EOF
)"
send patch "applications(appId='$Output_id')" "$(cat <<EOF
{
  "api": {
    "preAuthorizedApplications": []
  }
}
EOF
)"
send patch "applications(appId='$empty_id')" "$(cat <<EOF
{
  "api": {
    "preAuthorizedApplications": []
  }
}
EOF
)"
send patch "$blueprint_path" "$(cat <<EOF
{
  "api": {
    "preAuthorizedApplications": []
  }
}
EOF
)"
send patch "$none_path" "$(cat <<EOF
{
  "api": {
    "preAuthorizedApplications": []
  }
}
EOF
)"

# The agents of blueprint.
inherit "$blueprint_id" a0000000-0000-4000-8000-000000000003 00000003-0000-0000-c000-000000000000
blueprint_agent_1=$(agent_id "$blueprint_id" '"O'\''Neill'\''s «agent»"' 'O'\'''\''Neill'\'''\''s%20%C2%ABagent%C2%BB')
blueprint_agent_2=a0000000-0000-4000-8000-000000000002
send patch "servicePrincipals/$blueprint_agent_2/microsoft.graph.agentIdentity" '{
  "displayName": "Two"
}'

# The agents of none.
inherit "$none_id"
echo 'Done. Add the client ids to the file of registrations:'
echo "  param: $param_id"
echo "  Output: $Output_id"
echo "  empty: $empty_id"
echo "  blueprint: $blueprint_id"
echo "  blueprint.agents.one: $blueprint_agent_1"
echo "  blueprint.agents.two: $blueprint_agent_2"
echo "  none: $none_id"
