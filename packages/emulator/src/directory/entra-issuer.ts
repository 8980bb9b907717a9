// The issuer by which registrations trust Entra itself: in a directory it stands for the emulator, wherever that listens.

/** Entra's issuer of v2 tokens, with the tenant id as its first group. */
export const entraIssuer = /^https:\/\/login\.microsoftonline\.com\/([0-9a-f-]{36})\/v2\.0$/i
