// Renames what no stack trace shows: parameters and local variables of a bundle. Functions, classes, methods, members, private ones included,
// and everything at the top level keep their names.
import { minifySync } from 'rolldown/utils'
import { tokensOf } from './compact.mjs'
import ts from 'typescript'

/** @param code A module or a CommonJS file, as the bundler prints it. */
export function shortenLocals(code, path) {
  const { code: shortened, errors } = minifySync(path, code, {
    module: path.endsWith('.js'),
    compress: false,
    mangle: { toplevel: false, keepNames: true, reserved: ['exports', 'module', 'require'] },
    codegen: { removeWhitespace: false },
  })
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`)
  return withPrivateNames(shortened, privateNamesOf(code))
}

const privateNamesOf = (code) => tokensOf(code).filter(({ kind }) => kind === ts.SyntaxKind.PrivateIdentifier)

// Only names of variables can be asked for: the n-th private name is the n-th again.
function withPrivateNames(shortened, names) {
  const places = privateNamesOf(shortened)
  if (places.length !== names.length) throw new Error('Shortening has changed the code')
  let end = 0
  const parts = places.flatMap((place, index) => {
    const between = shortened.slice(end, place.start)
    end = place.end
    return [between, names[index].text]
  })
  return parts.join('') + shortened.slice(end)
}
