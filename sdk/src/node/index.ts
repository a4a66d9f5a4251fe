export { loadNodeCrypto, type NodeCryptoOptions } from './loadNodeCrypto.js'
export { createFileKeyStore, type FileKeyStoreOptions } from './fileKeyStore.js'
