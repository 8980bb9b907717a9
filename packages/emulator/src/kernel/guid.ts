// A GUID as Entra writes ids.

const form = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

<<<<<<< HEAD
/** Whether a text is a GUID. */
=======
/** In either case. */
>>>>>>> 31e48e1 (refactor(emulator): whether a text is a GUID is asked in one place)
export function isGuid(text: string): boolean {
  return form.test(text)
}
