// Runs in every page before its own scripts: introduces the wallet `Test Wallet` (EIP-6963).
const provider = {
  request: async ({ method, params }) => {
    const answered = await walletAnswer(method, params ?? [])
    if ('result' in answered) return answered.result
    const { message, code, data } = answered.error
    throw Object.assign(new Error(message), { code, data })
  },
  on: () => undefined,
  removeListener: () => undefined,
}
const info = {
  uuid: '0a7e6d0c-6f53-4d0a-9d0f-4a2c1f0b9c11',
  name: 'Test Wallet',
  icon: 'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg"/%3E',
  rdns: 'test.sluice.wallet',
}
const announce = () => {
  const detail = Object.freeze({ info, provider })
  window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }))
}
window.addEventListener('eip6963:requestProvider', announce)
announce()
