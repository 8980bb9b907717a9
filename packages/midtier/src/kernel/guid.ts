// A GUID as people and portals write it.

const form = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** In either case; tokens have it in lower case alone. */
export function isGuidInAnyCase(text: string): boolean {
  return form.test(text)
}
