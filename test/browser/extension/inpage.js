// Runs in pages beside their own scripts: introduces the wallet by EIP-6963, and asks the extension through bridge.js.
{
  const waiting = new Map()

  window.addEventListener('message', ({ source, data }) => {
    if (source !== window || data?.to !== 'test-extension-page') return
    const { resolve, reject } = waiting.get(data.id)
    waiting.delete(data.id)
    if (data.error === undefined) return resolve(data.result)
    const { message, ...rest } = data.error
    reject(Object.assign(new Error(message), rest))
  })

  const provider = {
    request: ({ method, params = [] }) =>
      new Promise((resolve, reject) => {
        const id = crypto.randomUUID()
        waiting.set(id, { resolve, reject })
        window.postMessage({ to: 'test-extension', id, method, params }, location.origin)
      }),
    on: () => undefined,
    removeListener: () => undefined,
  }
  const info = {
    uuid: crypto.randomUUID(),
    name: 'Test Extension',
    icon: 'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg"/%3E',
    rdns: 'test.sluice.extension',
  }
  const announce = () => {
    const detail = Object.freeze({ info, provider })
    window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }))
  }
  window.addEventListener('eip6963:requestProvider', announce)
  announce()
}
