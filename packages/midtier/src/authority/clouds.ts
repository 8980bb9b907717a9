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
}

/** Every known cloud. A token of one is never accepted for another: they share no key, no tenant and no operator. */
export const clouds: readonly Cloud[] = [
  {
    name: 'global',
    host: 'login.microsoftonline.com',
    aliases: ['login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
    v1IssuerHost: 'sts.windows.net',
  },
  {
    name: 'us-government',
    host: 'login.microsoftonline.us',
    aliases: ['login.usgovcloudapi.net'],
    v1IssuerHost: 'sts.windows.net',
  },
  {
    name: 'china',
    host: 'login.partner.microsoftonline.cn',
    aliases: ['login.chinacloudapi.cn'],
    v1IssuerHost: 'sts.chinacloudapi.cn',
  },
  { name: 'france', host: 'login.sovcloud-identity.fr', aliases: [], v1IssuerHost: undefined },
  { name: 'germany', host: 'login.sovcloud-identity.de', aliases: [], v1IssuerHost: undefined },
  { name: 'singapore', host: 'login.sovcloud-identity.sg', aliases: [], v1IssuerHost: undefined },
]

/** The cloud that a host belongs to by its name or an alias; `undefined` for any other host. */
export function findCloud(host: string): Cloud | undefined {
  return clouds.find((cloud) => cloud.host === host || cloud.aliases.includes(host))
}
