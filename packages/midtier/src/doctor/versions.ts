// Versions and the ranges of manifests, as far as those of this package go: comparisons that all hold, and carets.

/** Whether a version is in a range: `>=4.21 <6`, `^1.2.3`, `*`. */
export function satisfies(version: string, range: string): boolean {
  const numbers = read(version)
  return range.split(' ').every((part) => {
    const [, operator = '', bound = ''] = /^(>=|<|\^|)(.*)$/.exec(part) ?? []
    if (bound === '*') return true
    const order = compare(numbers, read(bound))
    if (operator === '<') return order < 0
    if (operator === '^') return order >= 0 && numbers[0] === read(bound)[0]
    return operator === '>=' ? order >= 0 : order === 0
  })
}

function read(version: string): readonly number[] {
  return version.replace(/-.*$/, '').split('.').map(Number)
}

function compare(one: readonly number[], other: readonly number[]): number {
  const differences = [0, 1, 2].map((index) => (one[index] ?? 0) - (other[index] ?? 0))
  return differences.find((difference) => difference !== 0) ?? 0
}
