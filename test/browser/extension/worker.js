// The extension's service worker: holds the key, and does what it is asked once a person said so in a window.
// Bundled with its settings by support/extension.ts.
import { createTestWallet } from '../../support/wallet.ts'
import { nodeAt } from '../support/node.ts'

// Put in by the bundler: `rpcUrl` of the chain and a public test `key`.
const { rpcUrl, key } = SETTINGS

/** What needs a person's word, beside connecting. */
const asks = ['eth_sendTransaction', 'eth_signTypedData_v4', 'personal_sign']
const declined = { code: 4001, message: 'User rejected the request.' }

const wallet = createTestWallet(nodeAt(rpcUrl), key)
/** Windows that are open, by the id of what they ask. */
const open = new Map()

/** Origins that may see the address; as long as the browser runs. */
async function connected() {
  const { origins = [] } = await chrome.storage.session.get('origins')
  return origins
}

async function request(origin, method, params) {
  const origins = await connected()
  const knows = origins.includes(origin)
  if (method === 'eth_accounts' && !knows) return []
  if (method === 'eth_requestAccounts' && !knows) {
    await approve({ origin, method, params })
    await chrome.storage.session.set({ origins: [...origins, origin] })
  }
  if (asks.includes(method)) {
    if (!knows) throw Object.assign(new Error('This page is not connected.'), { code: 4100 })
    await approve({ origin, method, params })
  }
  return wallet.request({ method, params })
}

/** Asks the person in a window of its own; a window that is closed without a word says no. */
async function approve(question) {
  const id = crypto.randomUUID()
  const said = Promise.withResolvers()
  open.set(id, { question, decide: said.resolve })
  const { id: windowId } = await chrome.windows.create({
    url: `approval.html#${id}`,
    type: 'popup',
    width: 420,
    height: 600,
  })
  const onClosed = (closed) => {
    if (closed === windowId) said.resolve(false)
  }
  chrome.windows.onRemoved.addListener(onClosed)
  const approved = await said.promise
  chrome.windows.onRemoved.removeListener(onClosed)
  open.delete(id)
  await chrome.windows.remove(windowId).catch(() => undefined)
  if (!approved) throw Object.assign(new Error(declined.message), { code: declined.code })
}

async function answered(work) {
  try {
    return { result: await work }
  } catch ({ code = -32603, message, data }) {
    return { error: { code, message, data } }
  }
}

chrome.runtime.onMessage.addListener((message, sender, respond) => {
  if (message.kind === 'request') {
    answered(request(sender.origin, message.method, message.params)).then(respond)
    return true
  }
  // The rest is for the extension's own windows.
  if (sender.origin !== location.origin) return false
  const { question, decide } = open.get(message.id)
  if (message.kind === 'decision') decide(message.approved)
  respond(question)
  return false
})
