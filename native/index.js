import { createRequire } from 'node:module'

// Throws when nothing was built here, for lack of a C compiler: whoever imports this has another way.
const library = createRequire(import.meta.url)('./build/secp256k1.node')

export const { keccak256, prepare, verify, verifyMany } = library
