// Whether a source with a fault in it still compiles. One that does not is nobody's to leave: `npm test` begins with the compiler.
import { join } from 'node:path'
import ts from 'typescript'

/** What is told of left-overs, and not of types: unused names, code that nothing reaches, and conditions that are always one way. */
const leftOver = new Set([2869, 2871, 2872, 2873, 6133, 6138, 6192, 6196, 6198, 6199, 6205, 7027, 7028])

/**
 * Gives a function that says what the compiler has against a package with one fault in it; `undefined` where it has nothing. It looks at the file of the
 * fault alone: what a file exports has its type written down.
 *
 * @param {string} root
 * @param {string} owner the folder of the package
 * @returns {(fault: import('./faults.mjs').Fault) => string | undefined}
 */
export function createCompiler(root, owner) {
  const folder = join(root, 'packages', owner)
  const { options, fileNames } = readConfig(join(folder, 'tsconfig.json'))
  /** The one file that is not as it is on the disk. */
  let changed = { path: '', text: '' }
  let version = 0
  const versions = new Map()
  const service = ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getCompilationSettings: () => options,
    getScriptFileNames: () => fileNames,
    getScriptVersion: (path) => String(versions.get(path) ?? 0),
    getScriptSnapshot: (path) => {
      const text = path === changed.path ? changed.text : ts.sys.readFile(path)
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
    },
    getCurrentDirectory: () => folder,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  })
  const look = (path, text) => {
    // The one before is as it was again.
    for (const each of [changed.path, path]) versions.set(each, ++version)
    changed = { path, text }
    return [...service.getSyntacticDiagnostics(path), ...service.getSemanticDiagnostics(path)].filter(
      ({ code, category }) => category === ts.DiagnosticCategory.Error && !leftOver.has(code),
    )
  }
  return ({ file, start, end, replacement, isStatement }) => {
    const path = join(root, file)
    const text = ts.sys.readFile(path)
    // In a block of its own, as in `switches.mjs`: what comes after an `if` belongs to it.
    const fault = isStatement ? `{ ${replacement} }` : `(${replacement})`
    const [first] = look(path, text.slice(0, start) + fault + text.slice(end))
    if (first === undefined) return undefined
    return `TS${first.code}: ${ts.flattenDiagnosticMessageText(first.messageText, ' ')}`
  }
}

function readConfig(path) {
  const fail = ({ messageText }) => {
    throw new Error(ts.flattenDiagnosticMessageText(messageText, ' '))
  }
  // Nothing is written, so that nothing has to be written down in a way that other files can be written from.
  const alone = { noEmit: true, composite: false, declaration: false, isolatedDeclarations: false }
  return ts.getParsedCommandLineOfConfigFile(path, alone, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: fail,
  })
}
