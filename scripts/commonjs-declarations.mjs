// The declarations of a CommonJS entry: every name of the module beside it, under the module's own types. A program that has both,
// a `.cts` here and a `.mts` there, so has one `Caller` and not two that look alike.
import { dirname, join } from 'node:path'
import ts from 'typescript'

const options = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  noLib: true, // names are looked for, not types
  types: [],
}

// Only the package itself is looked through: nothing of another package is exported again.
const host = ts.createCompilerHost(options)
host.resolveModuleNameLiterals = (literals, path) =>
  literals.map(({ text }) => {
    if (!text.startsWith('.')) return { resolvedModule: undefined }
    const resolvedFileName = join(dirname(path), text.replace(/\.[jt]sx?$/, '.d.ts'))
    return { resolvedModule: { resolvedFileName, extension: ts.Extension.Dts } }
  })

/** What to write for each module: its declarations' path → the text of a `.d.cts` that reaches the module by `specifier`. */
export function commonJsDeclarations(modules) {
  const program = ts.createProgram(Object.keys(modules), options, host)
  const checker = program.getTypeChecker()
  return Object.entries(modules).map(([path, specifier]) => {
    const names = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path)))
    const found = names.map((symbol) => describe(checker, symbol))
    const from = `'${specifier}' with { 'resolution-mode': 'import' }`
    const types = found.filter(({ isValue }) => !isValue).map(({ name }) => name)
    return [
      `import type * as module from ${from}`,
      ...(types.length === 0 ? [] : [`export type { ${types.join(', ')} } from ${from}`]),
      ...found.filter(({ isValue }) => isValue).map(declareValue),
      '',
    ].join('\n')
  })
}

function describe(checker, symbol) {
  const { name } = symbol
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  const isType = (target.flags & ts.SymbolFlags.Type) !== 0
  const isValue = (target.flags & ts.SymbolFlags.Value) !== 0 && !isExportedAsType(symbol)
  if (isType && isValue && target.declarations.some(({ typeParameters }) => typeParameters !== undefined))
    throw new Error(`${name} is a class with type parameters, which this cannot declare for CommonJS yet`)
  return { name, isType, isValue, comment: isValue ? commentOf(target) : '' }
}

// `export type { Caller }` gives the type of a class, and not the class.
function isExportedAsType({ declarations: [first] }) {
  return ts.isExportSpecifier(first) && (first.isTypeOnly || first.parent.parent.isTypeOnly)
}

function declareValue({ name, isType, comment }) {
  const value = `${comment}export declare const ${name}: typeof module.${name}`
  return isType ? `${value}\nexport type ${name} = module.${name}` : value
}

// What an editor shows beside the name, without the example: that is read in the module's own declarations, which weigh enough.
function commentOf({ declarations: [first] }) {
  const node = ts.isVariableDeclaration(first) ? first.parent.parent : first
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)
  return comment === undefined ? '' : `${withoutExamples(comment.getText())}\n`
}

function withoutExamples(text) {
  return text.replaceAll(/^\s*\* @example\n(?:\s*\*(?! @).*\n)*?(?=\s*\*(?:\/| @))/gm, '')
}
