// Runs beside a page in a world of its own: what the page asks goes to the extension, what the extension says comes back.
window.addEventListener('message', async ({ source, data }) => {
  if (source !== window || data?.to !== 'test-extension') return
  const { id, method, params } = data
  const answer = await chrome.runtime.sendMessage({ kind: 'request', method, params })
  window.postMessage({ ...answer, to: 'test-extension-page', id }, location.origin)
})
