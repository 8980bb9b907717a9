// User realm discovery: whether the people of a domain sign in here. Clients ask before they send a password.
import { AadstsError } from '../../kernel/aadsts-error.ts'
import type { Emulation } from '../emulation.ts'
import type { EmulatorContext } from '../../http/exchange.ts'
import { sendDocument } from '../respond.ts'

/** GET common/userrealm/{user name}. The domain decides, whoever the user is: the emulator federates with nobody. */
export function userRealm(c: EmulatorContext, { directory }: Emulation): Response {
  const username = decodeURIComponent(c.req.param('user') ?? '')
  const domain = /^[^@\s]+@([^@\s]+)$/.exec(username)?.[1]?.toLowerCase()
  if (domain === undefined) throw new AadstsError(50050)
  const isManaged = directory.tenants.some(({ domains }) =>
    domains.some((each) => each.toLowerCase() === domain),
  )
  const cloud = {
    cloud_instance_name: 'microsoftonline.com',
    cloud_audience_urn: 'urn:federation:MicrosoftOnline',
  }
  const realm = isManaged ? { account_type: 'Managed', domain_name: domain } : { account_type: 'Unknown' }
  return sendDocument(c, { ver: '1.0', ...realm, ...cloud })
}
