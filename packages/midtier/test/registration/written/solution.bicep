// Registers the applications in the tenant. Written by midtier registration bicep; change the file of registrations instead.
extension microsoftGraphV1

resource api1 'Microsoft.Graph/servicePrincipals@v1.0' existing = {
  appId: '00000003-0000-0000-c000-000000000000'
}

resource page 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: 'todo-page'
  displayName: 'Page'
  signInAudience: 'AzureADMyOrg'
  groupMembershipClaims: 'SecurityGroup'
  identifierUris: []
  appRoles: []
  optionalClaims: {
    accessToken: []
    idToken: [
      {
        name: 'sid'
        essential: false
      }
    ]
  }
  web: {
    redirectUris: []
    implicitGrantSettings: {
      enableIdTokenIssuance: true
      enableAccessTokenIssuance: false
    }
  }
  isFallbackPublicClient: false
  spa: {
    redirectUris: [
      'http://localhost/'
      'http://localhost/redirect.html'
    ]
  }
  publicClient: {
    redirectUris: []
  }
  requiredResourceAccess: [
    {
      resourceAppId: api.appId
      resourceAccess: [
        {
          id: '5051e199-1c59-891d-87bf-d9341ebb0ea0'
          type: 'Scope'
        }
      ]
    }
  ]
  api: {
    oauth2PermissionScopes: []
    knownClientApplications: []
    preAuthorizedApplications: []
  }
}

resource pagePrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: page.appId
}

output pageId string = page.appId

// Left out of api, for a resource cannot come back to itself: identifierUris, knownClients.page, preAuthorizedClients.page, preAuthorizedClients.commandLine. Once it is deployed: add the clientId of each application to the file of registrations, and deploy once more.
resource api 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: 'todo-api'
  displayName: 'The API of $HOME, `date` and \'quotes\''
  signInAudience: 'AzureADMultipleOrgs'
  groupMembershipClaims: 'None'
  identifierUris: []
  appRoles: []
  optionalClaims: {
    accessToken: [
      {
        name: 'xms_cc'
        essential: false
      }
      {
        name: 'acrs'
        essential: false
      }
    ]
    idToken: []
  }
  web: {
    redirectUris: [
      'https://api.contoso.com/consented'
    ]
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
      resourceAppId: 'a0000000-0000-4000-8000-0000000000e1'
      resourceAccess: [
        {
          id: 'a0000000-0000-4000-8000-0000000000e2'
          type: 'Scope'
        }
      ]
    }
    {
      resourceAppId: '00000003-0000-0000-c000-000000000000'
      resourceAccess: [
        {
          id: filter(api1.oauth2PermissionScopes, each => each.value == 'User.Read')[0].id
          type: 'Scope'
        }
        {
          id: filter(api1.oauth2PermissionScopes, each => each.value == 'Mail.Read')[0].id
          type: 'Scope'
        }
      ]
    }
  ]
  api: {
    requestedAccessTokenVersion: 2
    oauth2PermissionScopes: [
      {
        id: '5051e199-1c59-891d-87bf-d9341ebb0ea0'
        value: 'access_as_user'
        type: 'User'
        adminConsentDisplayName: 'Use the API on your behalf'
        adminConsentDescription: 'Use the API on your behalf'
        userConsentDisplayName: 'Use the API on your behalf'
        userConsentDescription: 'Use the API on your behalf'
        isEnabled: true
      }
      {
        id: 'ec9c8000-9757-8ab1-85c5-87f427f20cb1'
        value: 'Everything.Delete'
        type: 'Admin'
        adminConsentDisplayName: 'Delete everything'
        adminConsentDescription: 'Delete everything'
        isEnabled: true
      }
    ]
    knownClientApplications: []
    preAuthorizedApplications: []
  }
}

resource apiPrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: api.appId
}

output apiId string = api.appId

resource tasks 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: 'todo-tasks'
  displayName: 'Tasks'
  signInAudience: 'AzureADMyOrg'
  groupMembershipClaims: 'None'
  identifierUris: [
    'api://tasks.contoso.com'
  ]
  appRoles: [
    {
      id: 'a0000000-0000-4000-8000-0000000000e3'
      value: 'Tasks.Read.All'
      displayName: 'Tasks.Read.All'
      description: 'Read the tasks of all users'
      allowedMemberTypes: [
        'Application'
        'User'
      ]
      isEnabled: true
    }
    {
      id: '5af457a0-8ece-83f0-82a9-78fa549f5a62'
      value: 'Tasks.Audit'
      displayName: 'Tasks.Audit'
      description: 'See who changed what'
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
  requiredResourceAccess: []
  api: {
    requestedAccessTokenVersion: 1
    oauth2PermissionScopes: [
      {
        id: 'a0000000-0000-4000-8000-0000000000e2'
        value: 'Tasks.ReadWrite'
        type: 'User'
        adminConsentDisplayName: 'Read and change your tasks'
        adminConsentDescription: 'Read and change your tasks'
        userConsentDisplayName: 'Read and change your tasks'
        userConsentDescription: 'Read and change your tasks'
        isEnabled: true
      }
    ]
    knownClientApplications: []
    preAuthorizedApplications: [
      {
        appId: page.appId
        delegatedPermissionIds: [
          'a0000000-0000-4000-8000-0000000000e2'
        ]
      }
    ]
  }
}

resource tasksPrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: tasks.appId
}

output tasksId string = tasks.appId

resource nightly 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: 'todo-nightly'
  displayName: 'Nightly job'
  signInAudience: 'AzureADMyOrg'
  groupMembershipClaims: 'None'
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
  requiredResourceAccess: [
    {
      resourceAppId: 'a0000000-0000-4000-8000-0000000000e1'
      resourceAccess: [
        {
          id: 'a0000000-0000-4000-8000-0000000000e3'
          type: 'Role'
        }
      ]
    }
    {
      resourceAppId: '00000003-0000-0000-c000-000000000000'
      resourceAccess: [
        {
          id: filter(api1.appRoles, each => each.value == 'User.Read.All')[0].id
          type: 'Role'
        }
      ]
    }
  ]
  api: {
    oauth2PermissionScopes: []
    knownClientApplications: []
    preAuthorizedApplications: []
  }
}

resource nightlyPrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: nightly.appId
}

output nightlyId string = nightly.appId

resource commandLine 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: 'todo-commandLine'
  displayName: 'Command line'
  signInAudience: 'AzureADMyOrg'
  groupMembershipClaims: 'None'
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
  isFallbackPublicClient: true
  spa: {
    redirectUris: []
  }
  publicClient: {
    redirectUris: [
      'http://localhost'
    ]
  }
  requiredResourceAccess: [
    {
      resourceAppId: api.appId
      resourceAccess: [
        {
          id: '5051e199-1c59-891d-87bf-d9341ebb0ea0'
          type: 'Scope'
        }
      ]
    }
  ]
  api: {
    oauth2PermissionScopes: []
    knownClientApplications: []
    preAuthorizedApplications: []
  }
}

resource commandLinePrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: commandLine.appId
}

output commandLineId string = commandLine.appId

// assistant is the blueprint of agents, and the extension has no type for those: run the script of midtier registration script first.
// It makes the blueprint and its agents; this template refers to it.
resource assistant 'Microsoft.Graph/applications@v1.0' existing = {
  uniqueName: 'todo-assistant'
}

output assistantId string = assistant.appId
