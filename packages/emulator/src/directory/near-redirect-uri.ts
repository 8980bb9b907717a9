// Why a redirect URI is none of an application's, when one that is registered comes near.

/** How two addresses differ, in a few words; `undefined` when they have nothing in common that would tell. */
export function differenceOf(registered: string, presented: string): string | undefined {
  if (!URL.canParse(registered) || !URL.canParse(presented)) return undefined
  const [expected, actual] = [new URL(registered), new URL(presented)]
  if (presented.includes('#')) return 'without the fragment'
  if (`${registered}/` === presented) return 'without the slash at the end'
  if (registered === `${presented}/` || expected.href === `${actual.href}/`) return 'with a slash at the end'
  if (registered.toLowerCase() === presented.toLowerCase()) return 'in other letters, upper and lower case'
  const differing = (['protocol', 'hostname', 'port', 'pathname', 'search'] as const).filter(
    (part) => expected[part] !== actual[part],
  )
  if (differing.length !== 1) return undefined
  const [part = 'pathname'] = differing
  return `with another ${words[part]}`
}

const words = {
  protocol: 'scheme',
  hostname: 'host',
  port: 'port',
  pathname: 'path',
  search: 'query',
} as const
