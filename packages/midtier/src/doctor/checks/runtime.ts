// Node.js and the packages beside midtier: whether they are of versions that it is tested with.
import type { Check } from '../check.ts'
import { failed, passed, type Finding } from '../finding.ts'
import { satisfies } from '../versions.ts'

export const examineRuntime: Check = ({ runtime: { nodeVersion, supported, installed } }) => {
  const { node = '*', ...packages } = supported
  return [
    satisfies(nodeVersion, node)
      ? passed('node', `Node.js ${nodeVersion}`)
      : failed('node', {
          is: `Node.js ${nodeVersion}`,
          should: `Node.js ${node}`,
          mend: 'install a Node.js that is supported: nvm install --lts',
        }),
    ...Object.entries(packages).flatMap(([name, range]) => examinePackage(name, range, installed(name))),
  ]
}

/** A framework that is not there is not used. */
function examinePackage(name: string, range: string, version: string | undefined): readonly Finding[] {
  if (version === undefined) return []
  const check = `package.${name}`
  if (satisfies(version, range)) return [passed(check, version)]
  const [first = ''] = range.split(' ')
  const mend = `npm install ${name}@${first.replace(/[>=^~]/g, '')}`
  return [failed(check, { is: version, should: range, mend })]
}
