// Renames what no stack trace shows: parameters and local variables of a bundle. Functions, classes, methods, members, private ones included,
// and everything at the top level keep their names. In CommonJS they do not: Node takes the modules for `require` too, and what is left to take
// CommonJS are test runners and old tools.
import { minifySync } from 'rolldown/utils'
import { tokensOf } from './compact.mjs'
import ts from 'typescript'

/** @param code A module or a CommonJS file, as the bundler prints it. */
export function shortenLocals(code, path) {
  const isModule = path.endsWith('.js')
  const { code: shortened, errors } = minifySync(path, code, {
    module: isModule,
    compress: false,
    // Inspection shows the names of classes.
    mangle: {
      toplevel: !isModule,
      keepNames: isModule || { function: false, class: true },
      reserved: ['exports', 'module', 'require'],
    },
    codegen: { removeWhitespace: false },
  })
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`)
  return isModule ? withPrivateNames(shortened, privateNamesOf(code)) : shortened
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
