import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

const root = path.resolve(import.meta.dirname, '../..')

/** Code blocks of the README, in order. */
export function readmeSnippets(): readonly string[] {
  const text = readFileSync(path.join(root, 'README.md'), 'utf8')
  return [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
}

/** Lines of code: neither blank nor comment alone. */
export function linesOfCode(snippet: string): number {
  return snippet.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length
}

/**
 * Writes a snippet to a file as it stands, followed by one line that hands out what a test wants to look at.
 *
 * @returns the file's path
 */
export function writeSnippet(name: string, snippet: string, exported: string): string {
  const directory = path.join(import.meta.dirname, 'generated')
  mkdirSync(directory, { recursive: true })
  const file = path.join(directory, `${name}.ts`)
  writeFileSync(file, `${snippet}\nexport { ${exported} }\n`)
  return file
}

/** What the compiler says of files under the project's strict options; empty: nothing. */
export function typeErrors(files: readonly string[]): readonly string[] {
  const configFile = path.join(root, 'tsconfig.test.json')
  const config = ts.parseJsonConfigFileContent(
    ts.readConfigFile(configFile, (name) => ts.sys.readFile(name)).config,
    ts.sys,
    root,
  )
  const program = ts.createProgram([...files, path.join(import.meta.dirname, 'globals.d.ts')], config.options)
  return ts
    .getPreEmitDiagnostics(program)
    .map((diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'))
}
