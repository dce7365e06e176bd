export const started = performance.now();
await new Promise((resolve) => setTimeout(resolve, 5));
export const value = await Promise.resolve('awaited');
export default import.meta.url;
