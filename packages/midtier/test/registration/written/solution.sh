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

permission_1=$(scope_id '00000003-0000-0000-c000-000000000000' 'User.Read')
permission_2=$(scope_id '00000003-0000-0000-c000-000000000000' 'Mail.Read')
permission_3=$(role_id '00000003-0000-0000-c000-000000000000' 'User.Read.All')

# Which applications there are: what refers to another one needs its id.
send patch "applications(uniqueName='todo-page')" '{
  "displayName": "Page"
}' Prefer=create-if-missing
page_id=$(found "$(get "applications(uniqueName='todo-page')?\$select=appId" appId)" 'todo-page')
send patch "servicePrincipals(appId='$page_id')" '{}' Prefer=create-if-missing
send patch "applications(uniqueName='todo-api')" '{
  "displayName": "The API of $HOME, `date` and '\''quotes'\''"
}' Prefer=create-if-missing
api_id=$(found "$(get "applications(uniqueName='todo-api')?\$select=appId" appId)" 'todo-api')
send patch "servicePrincipals(appId='$api_id')" '{}' Prefer=create-if-missing
tasks_id=a0000000-0000-4000-8000-0000000000e1
send patch "servicePrincipals(appId='$tasks_id')" '{}' Prefer=create-if-missing
send patch "applications(uniqueName='todo-nightly')" '{
  "displayName": "Nightly job"
}' Prefer=create-if-missing
nightly_id=$(found "$(get "applications(uniqueName='todo-nightly')?\$select=appId" appId)" 'todo-nightly')
send patch "servicePrincipals(appId='$nightly_id')" '{}' Prefer=create-if-missing
send patch "applications(uniqueName='todo-commandLine')" '{
  "displayName": "Command line"
}' Prefer=create-if-missing
commandLine_id=$(found "$(get "applications(uniqueName='todo-commandLine')?\$select=appId" appId)" 'todo-commandLine')
send patch "servicePrincipals(appId='$commandLine_id')" '{}' Prefer=create-if-missing
make_blueprint 'todo-assistant' '"Assistant"'
assistant_id=$(found "$(get "applications(uniqueName='todo-assistant')?\$select=appId" appId)" 'todo-assistant')
blueprint_principal "$assistant_id"
assistant_path=$(blueprint_path "$assistant_id")

# What they are.
send patch "applications(appId='$page_id')" "$(cat <<EOF
{
  "displayName": "Page",
  "signInAudience": "AzureADMyOrg",
  "groupMembershipClaims": "SecurityGroup",
  "identifierUris": [],
  "api": {
    "oauth2PermissionScopes": [],
    "knownClientApplications": []
  },
  "appRoles": [],
  "optionalClaims": {
    "accessToken": [],
    "idToken": [
      {
        "name": "sid",
        "essential": false
      }
    ]
  },
  "web": {
    "redirectUris": [],
    "implicitGrantSettings": {
      "enableIdTokenIssuance": true,
      "enableAccessTokenIssuance": false
    }
  },
  "isFallbackPublicClient": false,
  "spa": {
    "redirectUris": [
      "http://localhost/",
      "http://localhost/redirect.html"
    ]
  },
  "publicClient": {
    "redirectUris": []
  },
  "requiredResourceAccess": [
    {
      "resourceAppId": "${api_id}",
      "resourceAccess": [
        {
          "id": "5051e199-1c59-891d-87bf-d9341ebb0ea0",
          "type": "Scope"
        }
      ]
    }
  ]
}
EOF
)"
send patch "applications(appId='$api_id')" "$(cat <<EOF
{
  "displayName": "The API of \$HOME, \`date\` and 'quotes'",
  "signInAudience": "AzureADMultipleOrgs",
  "groupMembershipClaims": "None",
  "identifierUris": [
    "api://${api_id}"
  ],
  "api": {
    "requestedAccessTokenVersion": 2,
    "oauth2PermissionScopes": [
      {
        "id": "5051e199-1c59-891d-87bf-d9341ebb0ea0",
        "value": "access_as_user",
        "type": "User",
        "adminConsentDisplayName": "Use the API on your behalf",
        "adminConsentDescription": "Use the API on your behalf",
        "userConsentDisplayName": "Use the API on your behalf",
        "userConsentDescription": "Use the API on your behalf",
        "isEnabled": true
      },
      {
        "id": "ec9c8000-9757-8ab1-85c5-87f427f20cb1",
        "value": "Everything.Delete",
        "type": "Admin",
        "adminConsentDisplayName": "Delete everything",
        "adminConsentDescription": "Delete everything",
        "isEnabled": true
      }
    ],
    "knownClientApplications": [
      "${page_id}"
    ]
  },
  "appRoles": [],
  "optionalClaims": {
    "accessToken": [
      {
        "name": "xms_cc",
        "essential": false
      },
      {
        "name": "acrs",
        "essential": false
      }
    ],
    "idToken": []
  },
  "web": {
    "redirectUris": [
      "https://api.contoso.com/consented"
    ],
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
      "resourceAppId": "a0000000-0000-4000-8000-0000000000e1",
      "resourceAccess": [
        {
          "id": "a0000000-0000-4000-8000-0000000000e2",
          "type": "Scope"
        }
      ]
    },
    {
      "resourceAppId": "00000003-0000-0000-c000-000000000000",
      "resourceAccess": [
        {
          "id": "${permission_1}",
          "type": "Scope"
        },
        {
          "id": "${permission_2}",
          "type": "Scope"
        }
      ]
    }
  ]
}
EOF
)"
send patch "applications(appId='$tasks_id')" "$(cat <<EOF
{
  "displayName": "Tasks",
  "signInAudience": "AzureADMyOrg",
  "groupMembershipClaims": "None",
  "identifierUris": [
    "api://tasks.contoso.com"
  ],
  "api": {
    "requestedAccessTokenVersion": 1,
    "oauth2PermissionScopes": [
      {
        "id": "a0000000-0000-4000-8000-0000000000e2",
        "value": "Tasks.ReadWrite",
        "type": "User",
        "adminConsentDisplayName": "Read and change your tasks",
        "adminConsentDescription": "Read and change your tasks",
        "userConsentDisplayName": "Read and change your tasks",
        "userConsentDescription": "Read and change your tasks",
        "isEnabled": true
      }
    ],
    "knownClientApplications": []
  },
  "appRoles": [
    {
      "id": "a0000000-0000-4000-8000-0000000000e3",
      "value": "Tasks.Read.All",
      "displayName": "Tasks.Read.All",
      "description": "Read the tasks of all users",
      "allowedMemberTypes": [
        "Application",
        "User"
      ],
      "isEnabled": true
    },
    {
      "id": "5af457a0-8ece-83f0-82a9-78fa549f5a62",
      "value": "Tasks.Audit",
      "displayName": "Tasks.Audit",
      "description": "See who changed what",
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
  "requiredResourceAccess": []
}
EOF
)"
send patch "applications(appId='$nightly_id')" "$(cat <<EOF
{
  "displayName": "Nightly job",
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
      "resourceAppId": "a0000000-0000-4000-8000-0000000000e1",
      "resourceAccess": [
        {
          "id": "a0000000-0000-4000-8000-0000000000e3",
          "type": "Role"
        }
      ]
    },
    {
      "resourceAppId": "00000003-0000-0000-c000-000000000000",
      "resourceAccess": [
        {
          "id": "${permission_3}",
          "type": "Role"
        }
      ]
    }
  ]
}
EOF
)"
send patch "applications(appId='$commandLine_id')" "$(cat <<EOF
{
  "displayName": "Command line",
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
    "redirectUris": [],
    "implicitGrantSettings": {
      "enableIdTokenIssuance": false,
      "enableAccessTokenIssuance": false
    }
  },
  "isFallbackPublicClient": true,
  "spa": {
    "redirectUris": []
  },
  "publicClient": {
    "redirectUris": [
      "http://localhost"
    ]
  },
  "requiredResourceAccess": [
    {
      "resourceAppId": "${api_id}",
      "resourceAccess": [
        {
          "id": "5051e199-1c59-891d-87bf-d9341ebb0ea0",
          "type": "Scope"
        }
      ]
    }
  ]
}
EOF
)"
send patch "$assistant_path" "$(cat <<EOF
{
  "displayName": "Assistant",
  "signInAudience": "AzureADMyOrg",
  "groupMembershipClaims": "None",
  "identifierUris": [
    "api://${assistant_id}"
  ],
  "api": {
    "requestedAccessTokenVersion": 2,
    "oauth2PermissionScopes": [
      {
        "id": "ba63c5e0-2b3b-8a31-883c-5ee3e1d8a31b",
        "value": "access_agent",
        "type": "User",
        "adminConsentDisplayName": "Ask the assistant",
        "adminConsentDescription": "Ask the assistant",
        "userConsentDisplayName": "Ask the assistant",
        "userConsentDescription": "Ask the assistant",
        "isEnabled": true
      }
    ],
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
  "requiredResourceAccess": [
    {
      "resourceAppId": "a0000000-0000-4000-8000-0000000000e1",
      "resourceAccess": [
        {
          "id": "a0000000-0000-4000-8000-0000000000e2",
          "type": "Scope"
        }
      ]
    },
    {
      "resourceAppId": "00000003-0000-0000-c000-000000000000",
      "resourceAccess": [
        {
          "id": "${permission_1}",
          "type": "Scope"
        }
      ]
    }
  ]
}
EOF
)"
send patch "applications(appId='$page_id')" "$(cat <<EOF
{
  "api": {
    "preAuthorizedApplications": []
  }
}
EOF
)"
send patch "applications(appId='$api_id')" "$(cat <<EOF
{
  "api": {
    "preAuthorizedApplications": [
      {
        "appId": "${page_id}",
        "delegatedPermissionIds": [
          "5051e199-1c59-891d-87bf-d9341ebb0ea0"
        ]
      },
      {
        "appId": "${commandLine_id}",
        "delegatedPermissionIds": []
      }
    ]
  }
}
EOF
)"
send patch "applications(appId='$tasks_id')" "$(cat <<EOF
{
  "api": {
    "preAuthorizedApplications": [
      {
        "appId": "${page_id}",
        "delegatedPermissionIds": [
          "a0000000-0000-4000-8000-0000000000e2"
        ]
      }
    ]
  }
}
EOF
)"
send patch "applications(appId='$nightly_id')" "$(cat <<EOF
{
  "api": {
    "preAuthorizedApplications": []
  }
}
EOF
)"
send patch "applications(appId='$commandLine_id')" "$(cat <<EOF
{
  "api": {
    "preAuthorizedApplications": []
  }
}
EOF
)"
send patch "$assistant_path" "$(cat <<EOF
{
  "api": {
    "preAuthorizedApplications": []
  }
}
EOF
)"

# The agents of assistant.
inherit "$assistant_id" a0000000-0000-4000-8000-0000000000e1 00000003-0000-0000-c000-000000000000
assistant_agent_1=$(agent_id "$assistant_id" '"Booking agent"' 'Booking%20agent')
assistant_agent_2=$(agent_id "$assistant_id" '"Travel agent"' 'Travel%20agent')
echo 'Done. Add the client ids to the file of registrations:'
echo "  page: $page_id"
echo "  api: $api_id"
echo "  tasks: $tasks_id"
echo "  nightly: $nightly_id"
echo "  commandLine: $commandLine_id"
echo "  assistant: $assistant_id"
echo "  assistant.agents.booking: $assistant_agent_1"
echo "  assistant.agents.travel: $assistant_agent_2"
