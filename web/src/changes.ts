// The stream of changes, from the last one that the server had heard of when it wrote this page: none falls between.
export function openStream(): EventSource {
  const heard = document.body.dataset["heard"];
  return new EventSource(`/api/v1/stream${heard === undefined ? "" : `?after=${heard}`}`);
}
