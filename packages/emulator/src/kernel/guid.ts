// A GUID as Entra writes ids.

const form = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether a text is a GUID. */
export function isGuid(text: string): boolean {
  return form.test(text)
}
