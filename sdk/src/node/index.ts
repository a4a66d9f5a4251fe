export { gatherVouchers } from '../crypto/gathering.js'
export { loadNodeCrypto, type NodeCryptoOptions } from './loadNodeCrypto.js'
export { createFileKeyStore, type FileKeyStoreOptions } from './fileKeyStore.js'
export { createFileStore, type FileStoreOptions } from './fileStore.js'
