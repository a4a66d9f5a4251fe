import { banner, type Compiled, upperFirst } from './artifact.ts'

/**
 * An ES module with the creation code and where its runtime part and immutables stand. Whoever deploys can then work
 * out the exact runtime code of any address on any chain, without trusting a node for it.
 */
export function bytecodeModule(name: string, compiled: Compiled): string {
  const runtime = compiled.deployedBytecode.slice(2)
  const start = compiled.bytecode.lastIndexOf(runtime)
  if (start < 0) throw new Error('the creation code does not contain the runtime code')
  const immutables = [...compiled.immutables]
    .map(([variable, offsets]) => `  ${variable.replace(/^_/, '')}: [${offsets.join(', ')}],\n`)
    .join('')
  return [
    banner,
    `/** Creation code of \`${upperFirst(name)}\`, without constructor arguments: it has none. */`,
    `\nexport const ${name}Bytecode =\n  '${compiled.bytecode}' as const\n`,
    `\n/** Where the runtime code starts and how long it is within the creation code, in bytes. */`,
    `\nexport const ${name}Runtime = { start: ${start / 2 - 1}, length: ${runtime.length / 2} } as const\n`,
    `\n/** Byte offsets within the runtime code at which the constructor writes each 32-byte immutable. */`,
    `\nexport const ${name}Immutables = {\n${immutables}} as const\n`,
  ].join('')
}
