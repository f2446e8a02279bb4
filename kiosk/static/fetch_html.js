// Asks for a part of the screen: its HTML (null unless the server answered well) and the answer itself (null when none came).
export async function fetchHtml(url, signal) {
  const answer = await fetch(url, { signal }).catch(() => null)
  const html = answer?.ok ? await answer.text().catch(() => null) : null
  return { answer, html }
}
