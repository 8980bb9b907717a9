// Registers the applications in the tenant. Written by midtier registration bicep; change the file of registrations instead.
extension microsoftGraphV1

resource api1 'Microsoft.Graph/servicePrincipals@v1.0' existing = {
  appId: 'a0000000-0000-4000-8000-000000000002'
}

resource param_2 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: 'intricate-param'
  displayName: 'It\'s \\ \${HOME} `id` 🔑'
  signInAudience: 'AzureADMyOrg'
  groupMembershipClaims: 'None'
  identifierUris: [
    'api://a0000000-0000-4000-8000-000000000003'
  ]
  appRoles: []
  optionalClaims: {
    accessToken: []
    idToken: []
  }
  web: {
    redirectUris: []
    implicitGrantSettings: {
      enableIdTokenIssuance: false
      enableAccessTokenIssuance: false
    }
  }
  isFallbackPublicClient: false
  spa: {
    redirectUris: []
  }
  publicClient: {
    redirectUris: []
  }
  requiredResourceAccess: [
    {
      resourceAppId: 'a0000000-0000-4000-8000-000000000003'
      resourceAccess: [
        {
          id: '5bf47726-aa1a-83f2-89cc-54b89a90bd6a'
          type: 'Scope'
        }
      ]
    }
    {
      resourceAppId: Output_2.appId
      resourceAccess: [
        {
          id: 'e8842f3d-bab9-8f25-8cbc-741671a408d9'
          type: 'Scope'
        }
        {
          id: 'b0000000-0000-4000-8000-000000000001'
          type: 'Role'
        }
      ]
    }
  ]
  api: {
    requestedAccessTokenVersion: 2
    oauth2PermissionScopes: [
      {
        id: '5bf47726-aa1a-83f2-89cc-54b89a90bd6a'
        value: 'Read.It'
        type: 'Admin'
        adminConsentDisplayName: 'What\'s\u{a}it'
        adminConsentDescription: 'What\'s\u{a}it'
        isEnabled: true
      }
    ]
    knownClientApplications: [
      Output_2.appId
    ]
    preAuthorizedApplications: [
      {
        appId: Output_2.appId
        delegatedPermissionIds: [
          '5bf47726-aa1a-83f2-89cc-54b89a90bd6a'
        ]
      }
      {
        appId: blueprint.appId
        delegatedPermissionIds: []
      }
    ]
  }
}

resource param_2Principal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: param_2.appId
}

output param_2Id string = param_2.appId

resource Output_2 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: 'intricate-Output'
  displayName: 'Output'
  signInAudience: 'AzureADMyOrg'
  groupMembershipClaims: 'None'
  identifierUris: []
  appRoles: [
    {
      id: 'b0000000-0000-4000-8000-000000000001'
      value: 'All'
      displayName: 'All'
      description: 'All'
      allowedMemberTypes: [
        'Application'
        'User'
      ]
      isEnabled: true
    }
  ]
  optionalClaims: {
    accessToken: []
    idToken: []
  }
  web: {
    redirectUris: []
    implicitGrantSettings: {
      enableIdTokenIssuance: false
      enableAccessTokenIssuance: false
    }
  }
  isFallbackPublicClient: false
  spa: {
    redirectUris: []
  }
  publicClient: {
    redirectUris: []
  }
  requiredResourceAccess: [
    {
      resourceAppId: 'a0000000-0000-4000-8000-000000000003'
      resourceAccess: [
        {
          id: '5bf47726-aa1a-83f2-89cc-54b89a90bd6a'
          type: 'Scope'
        }
      ]
    }
    {
      resourceAppId: 'a0000000-0000-4000-8000-000000000002'
      resourceAccess: [
        {
          id: filter(api1.appRoles, each => each.value == 'O\'Neill')[0].id
          type: 'Role'
        }
      ]
    }
    {
      resourceAppId: '00000003-0000-0000-c000-000000000000'
      resourceAccess: []
    }
  ]
  api: {
    requestedAccessTokenVersion: 2
    oauth2PermissionScopes: [
      {
        id: 'e8842f3d-bab9-8f25-8cbc-741671a408d9'
        value: 'own'
        type: 'User'
        adminConsentDisplayName: 'Own'
        adminConsentDescription: 'Own'
        userConsentDisplayName: 'Own'
        userConsentDescription: 'Own'
        isEnabled: true
      }
    ]
    knownClientApplications: [
      'a0000000-0000-4000-8000-000000000003'
    ]
    preAuthorizedApplications: []
  }
}

resource Output_2Principal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: Output_2.appId
}

output Output_2Id string = Output_2.appId

resource empty 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: 'intricate-empty'
  displayName: 'Empty'
  signInAudience: 'AzureADMyOrg'
  groupMembershipClaims: 'All'
  identifierUris: []
  appRoles: []
  optionalClaims: {
    accessToken: []
    idToken: []
  }
  web: {
    redirectUris: []
    implicitGrantSettings: {
      enableIdTokenIssuance: false
      enableAccessTokenIssuance: false
    }
  }
  isFallbackPublicClient: false
  spa: {
    redirectUris: []
  }
  publicClient: {
    redirectUris: []
  }
  requiredResourceAccess: []
  api: {
    requestedAccessTokenVersion: 2
    oauth2PermissionScopes: []
    knownClientApplications: []
    preAuthorizedApplications: []
  }
}

resource emptyPrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: empty.appId
}

output emptyId string = empty.appId

// blueprint is the blueprint of agents, and the extension has no type for those: run the script of midtier registration script first.
// It makes the blueprint and its agents; this template refers to it.
resource blueprint 'Microsoft.Graph/applications@v1.0' existing = {
  uniqueName: 'intricate-blueprint'
}

output blueprintId string = blueprint.appId

// none is the blueprint of agents, and the extension has no type for those: run the script of midtier registration script first.
// It makes the blueprint and its agents; this template refers to it.
output noneId string = 'a0000000-0000-4000-8000-000000000001'
