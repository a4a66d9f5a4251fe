import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

const root = path.resolve(import.meta.dirname, '../..')

/** Code blocks of the README, in order. */
export function readmeSnippets(): readonly string[] {
  return snippets('README.md', 'ts')
}

/** Code blocks of a page in one language, in order. */
export function snippets(page: string, language: 'ts' | 'tsx'): readonly string[] {
  const text = readFileSync(path.join(root, page), 'utf8')
  return [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)]
    .filter((match) => match[1] === language)
    .map((match) => match[2] ?? '')
}

/** Lines of code: neither blank nor comment alone. */
export function linesOfCode(snippet: string): number {
  return snippet.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length
}

/**
 * Writes a snippet to a file as it stands, followed by one line that hands out what a test wants to look at.
 *
 * @param exported names in the snippet; undefined: it hands out by itself
 * @returns the file's path
 */
export function writeSnippet(
  name: string,
  snippet: string,
  exported: string | undefined,
  language: 'ts' | 'tsx' = 'ts',
): string {
  const directory = path.join(import.meta.dirname, 'generated')
  mkdirSync(directory, { recursive: true })
  const file = path.join(directory, `${name}.${language}`)
  writeFileSync(file, exported === undefined ? snippet : `${snippet}\nexport { ${exported} }\n`)
  return file
}

/**
 * What the compiler says of files under the project's strict options; empty: nothing.
 *
 * @param files to be compiled together
 * @param options that differ from the project's
 */
export function typeErrors(files: readonly string[], options: ts.CompilerOptions = {}): readonly string[] {
  const configFile = path.join(root, 'tsconfig.test.json')
  const config = ts.parseJsonConfigFileContent(
    ts.readConfigFile(configFile, (name) => ts.sys.readFile(name)).config,
    ts.sys,
    root,
  )
  const program = ts.createProgram([...files, path.join(import.meta.dirname, 'globals.d.ts')], {
    ...config.options,
    ...options,
  })
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, '\n')
    return file === undefined ? message : `${path.basename(file.fileName)}: ${message}`
  })
}
