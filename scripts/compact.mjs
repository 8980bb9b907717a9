// Takes out of a bundle what says nothing: indentation, blanks that part no words, lines within a literal. Names stay, and so does a line for each
// statement, for who reads a stack. The outcome has the same tokens in the same order, or the build fails.
import ts from 'typescript'

/** @param code A module or a CommonJS file, as the bundler prints it: indented by tabs that no source has, each module behind a mark. */
export function compact(code) {
  const bare = code.replaceAll(/^\t+/gm, '').replaceAll(/^\/\/ (?:build|\.\.)\/.*\n/gm, '')
  const tokens = tokensOf(bare)
  let previous
  let result = ''
  for (const token of tokens) {
    const between = bare.slice(previous?.end ?? 0, token.start)
    result += (previous === undefined ? between : shorten(between, previous, token)) + token.text
    previous = token
  }
  checkTokens(tokensOf(code), tokensOf(result))
  return `${result}\n`
}

/** The tokens of a module, each with its place. */
export function tokensOf(code) {
  const source = ts.createSourceFile('bundle.js', code, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS)
  const tokens = []
  const visit = (node) => {
    if (ts.isJSDoc(node)) return
    const children = node.getChildren(source)
    if (children.length > 0) return children.forEach(visit)
    const start = node.getStart(source)
    if (node.end > start)
      tokens.push({
        kind: node.kind,
        start,
        end: node.end,
        text: code.slice(start, node.end),
        within: node.parent.kind,
      })
  }
  visit(source)
  return tokens
}

function shorten(between, before, after) {
  if (/[^\s]/.test(between)) return between // a comment, such as the mark of what has no effect
  if (between.includes('\n') && !isInLiteral(before, after)) return '\n'
  return isParted(before, after) && between !== '' ? ' ' : ''
}

const literals = new Set([
  ts.SyntaxKind.ObjectLiteralExpression,
  ts.SyntaxKind.ArrayLiteralExpression,
  ts.SyntaxKind.ObjectBindingPattern,
  ts.SyntaxKind.CallExpression,
  ts.SyntaxKind.NewExpression,
])

/** Whether a line ends between two tokens of one literal, where no statement can. */
function isInLiteral(before, after) {
  const opens = ['{', '[', '(', ','].includes(before.text) && literals.has(before.within)
  return opens || ([']', ')', '}'].includes(after.text) && literals.has(after.within))
}

/** Whether two tokens would be read as others without a blank. */
function isParted(before, after) {
  const end = before.text.at(-1)
  const next = after.text[0]
  if (isOfWord(end) && (isOfWord(next) || next === '#' || next === '\\')) return true
  if (before.kind === ts.SyntaxKind.NumericLiteral && next === '.') return true
  if (before.kind === ts.SyntaxKind.RegularExpressionLiteral && isOfWord(next)) return true
  return ['++', '--', '//', '/*', '<!', '->', '?.', '..'].includes(end + next)
}

function isOfWord(character) {
  return /[\w$]/.test(character) || character > '\u007f'
}

function checkTokens(before, after) {
  const differs = (token, index) => token.kind !== after[index]?.kind || token.text !== after[index].text
  if (before.length !== after.length || before.some(differs))
    throw new Error('Compacting has changed the code')
}
