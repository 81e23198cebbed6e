// Starts one engine inside its own worker: engine_loader.js?engine=engine_cpu&channel=<name>&version=<build>
//
// Besides the engine's messages there is a side channel to the page, a broadcast channel named by `channel`: it works
// before the engine runs and after it has crashed. A web lock of the same name is held for as long as this worker
// lives, so the page learns of its end even when nothing is left to say so.
const query = new URL(self.location.href).searchParams;
const engine = query.get("engine");
const version = query.get("version");
const channel = new BroadcastChannel(query.get("channel"));
const send = (message) => channel.postMessage(JSON.stringify(message));

channel.onmessage = (event) => {
  if (JSON.parse(event.data) === "End") self.close();
};

// The page hears which files no service worker brought, so that they can be kept for when there is no network (offline.js).
const fetched = new BroadcastChannel("bottleneck-fetched");
new PerformanceObserver((seen) => {
  const files = seen.getEntries().filter((entry) => !entry.workerStart);
  if (files.length) fetched.postMessage(files.map((entry) => entry.name));
}).observe({ type: "resource", buffered: true });

async function holdLock() {
  if (!navigator.locks) return false;
  return new Promise((held) => {
    navigator.locks.request(channel.name, () => {
      held(true);
      return new Promise(() => {});
    });
  });
}

// The response as it is, with each chunk reported as it passes.
function counted(response) {
  const encoded = response.headers.has("Content-Encoding");
  const total = encoded ? null : Number(response.headers.get("Content-Length")) || null;
  let loaded = 0;
  const counter = new TransformStream({
    transform(chunk, controller) {
      loaded += chunk.byteLength;
      send({ Progress: { loaded, total } });
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counter), {
    headers: { "Content-Type": "application/wasm" },
  });
}

try {
  send({ Alive: { locked: await holdLock() } });
  const [{ default: init }, response] = await Promise.all([
    import(`./${engine}.js?version=${version}`),
    fetch(`./${engine}_bg.wasm?version=${version}`),
  ]);
  if (!response.ok) throw new Error(`${engine}_bg.wasm: HTTP ${response.status}`);
  await init({ module_or_path: counted(response) });
} catch (error) {
  send({ NotStarted: { reason: String(error?.message ?? error) } });
}
