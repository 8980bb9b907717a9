// The issuer by which registrations trust Entra itself: in a directory it stands for the emulator, wherever that listens.

/** The tenant id of Entra's issuer of v2 tokens; `undefined` of any other issuer. */
export function entraTenant(issuer: string): string | undefined {
  return /^https:\/\/login\.microsoftonline\.com\/([0-9a-f-]{36})\/v2\.0$/i.exec(issuer)?.[1]?.toLowerCase()
}
