// Text as one word of bash, in which nothing is run or expanded.

export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
