// The clouds in which Entra runs, one row each: which hosts are the same authority, and what their issuers look like.

/** One national or sovereign cloud. */
export interface Cloud {
  readonly name: string
  /** Host of the authority (`preferred_network`), and of v2.0 issuers. */
  readonly host: string
  /** Other names of the same authority, on which its documents may name each other. */
  readonly aliases: readonly string[]
  /** Host of v1.0 issuers; `undefined` where none is documented, so that v1.0 tokens are refused. */
  readonly v1IssuerHost: string | undefined
  /** Hosts of Microsoft Graph there, the one that a bare scope such as `User.Read` means first; empty where none is documented. */
  readonly graphHosts: readonly string[]
  /** Audience of what is exchanged for a token of somebody else: federated assertions, and those of agents. */
  readonly exchangeAudience: string
}

const globalExchangeAudience = 'api://AzureADTokenExchange'

/** The cloud that is meant where none is named. */
export const globalCloud: Cloud = {
  name: 'global',
  host: 'login.microsoftonline.com',
  aliases: ['login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
  v1IssuerHost: 'sts.windows.net',
  graphHosts: ['graph.microsoft.com'],
  exchangeAudience: globalExchangeAudience,
}

/** Every known cloud. A token of one is never accepted for another: they share no key, no tenant and no operator. */
export const clouds: readonly Cloud[] = [
  globalCloud,
  {
    name: 'us-government',
    host: 'login.microsoftonline.us',
    aliases: ['login.usgovcloudapi.net'],
    v1IssuerHost: 'sts.windows.net',
    graphHosts: ['graph.microsoft.us', 'dod-graph.microsoft.us'],
    exchangeAudience: `${globalExchangeAudience}USGov`,
  },
  {
    name: 'china',
    host: 'login.partner.microsoftonline.cn',
    aliases: ['login.chinacloudapi.cn'],
    v1IssuerHost: 'sts.chinacloudapi.cn',
    graphHosts: ['microsoftgraph.chinacloudapi.cn'],
    exchangeAudience: `${globalExchangeAudience}China`,
  },
  {
    name: 'france',
    host: 'login.sovcloud-identity.fr',
    aliases: [],
    v1IssuerHost: undefined,
    graphHosts: [],
    exchangeAudience: globalExchangeAudience,
  },
  {
    name: 'germany',
    host: 'login.sovcloud-identity.de',
    aliases: [],
    v1IssuerHost: undefined,
    graphHosts: [],
    exchangeAudience: globalExchangeAudience,
  },
  {
    name: 'singapore',
    host: 'login.sovcloud-identity.sg',
    aliases: [],
    v1IssuerHost: undefined,
    graphHosts: [],
    exchangeAudience: globalExchangeAudience,
  },
]

/** The cloud that a host belongs to by its name or an alias; `undefined` for any other host. */
export function findCloud(host: string): Cloud | undefined {
  return clouds.find((cloud) => cloud.host === host || cloud.aliases.includes(host))
}

/** Entra's hosts that stand for no cloud of today: its older names, and personal accounts by themselves. */
const otherEntraHosts: readonly string[] = [
  'login-us.microsoftonline.com',
  'login.microsoftonline.de',
  'login.live.com',
]

/** Everything below is Entra's: regions, and the tenants of External ID. */
const entraDomains: readonly string[] = [
  '.login.microsoft.com',
  '.login.microsoftonline.com',
  '.login.microsoftonline.us',
  '.ciamlogin.com',
]

/** Whether Entra or External ID issues the tokens of a host, in any cloud and in either version. Azure AD B2C is not meant. */
export function isEntraHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '')
  return (
    findCloud(host) !== undefined ||
    clouds.some(({ v1IssuerHost }) => v1IssuerHost === host) ||
    otherEntraHosts.includes(host) ||
    entraDomains.some((domain) => host.endsWith(domain))
  )
}
