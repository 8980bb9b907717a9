// A text of an authority as it may be kept: it may speak of a person by a sign-in name.

/** As `AADSTS50020: User account 'alice@…' from identity provider …` does. The bounds keep a long text cheap. */
const address = /[^\s'"<>()[\]{},;:=@]{1,128}@[^\s'"<>()[\]{},;:=@]{1,255}/g

/** The text without what looks like an e-mail address or a sign-in name. */
export function withoutPeople(text: string): string {
  return text.replace(address, '[redacted]')
}
