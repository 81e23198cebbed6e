// Keeps the site on the device, so that it opens without a network, and keeps its versions apart.
//
// A version is a list of files by the hashes of what is in them. Files are kept under their hashes: what two versions have in
// common is kept once, and a file of another version is never taken for one's own. A new version waits until a person asks for
// it. A page that was open then is served by the list of its own version until it is loaded again.
//
// The build fills in these two lines (src/site/files.rs).
const BUILD = "";
const FILES = {}; // path: { hash, bytes, core }

// The site's own folder: another Bottleneck may lie beside it.
const SITE = new URL("./", self.location.href).href;
const STORE = `bottleneck ${SITE}`;
const STATE = new URL("./.state", SITE).href;

const hashUrl = (file) => new URL(`./.files/${file.hash}`, SITE).href;
const openStore = () => caches.open(STORE);

// --- Versions ---------------------------------------------------------------------------------------------------------

// What outlives this worker, which the browser stops whenever it is idle: the version in use, and, of pages (and their
// workers) that an earlier version opened, which one did, with its list.
let known;
function readState() {
  known ??= openStore()
    .then((store) => store.match(STATE))
    .then((kept) => (kept ? kept.json() : { build: null, clients: {}, lists: {} }));
  return known;
}

async function writeState(state) {
  known = Promise.resolve(state);
  await (await openStore()).put(STATE, new Response(JSON.stringify(state)));
}

// Pages that are open now belong to the version before this one, unless they are of a still earlier one.
async function takeOver() {
  const before = await readState();
  const open = before.build === BUILD ? [] : (await self.clients.matchAll({ type: "all" })).map((client) => client.id);
  const state = { build: BUILD, clients: {}, lists: { [BUILD]: FILES } };
  for (const id of open) {
    const build = before.clients[id] ?? before.build;
    if (!before.lists[build]) continue;
    state.clients[id] = build;
    state.lists[build] = before.lists[build];
  }
  await writeState(state);
  // What no open page can ask for goes. A version that is being installed has its files here too.
  if (self.registration.installing || self.registration.waiting) return;
  const used = new Set([STATE]);
  for (const list of Object.values(state.lists)) for (const file of Object.values(list)) used.add(hashUrl(file));
  const store = await openStore();
  for (const { url } of await store.keys()) if (!used.has(url)) await store.delete(url);
}

// The files of the version that asks.
async function filesFor(event) {
  // Without storage nobody has a version kept.
  const { clients, lists } = await readState().catch(() => ({ clients: {}, lists: {} }));
  const build = event.request.mode === "navigate" ? BUILD : (clients[event.clientId] ?? BUILD);
  if (build === BUILD) return FILES;
  // What a page starts is of its version.
  if (event.resultingClientId && !clients[event.resultingClientId]) {
    clients[event.resultingClientId] = build;
    event.waitUntil(writeState({ build: BUILD, clients, lists }));
  }
  return lists[build];
}

// --- Files ------------------------------------------------------------------------------------------------------------

async function hashOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Keeps the bytes if they are the file's; says whether they were.
async function keep(file, bytes, type) {
  if ((await hashOf(bytes)) !== file.hash) return false;
  const headers = { "Content-Type": type ?? "application/octet-stream", "Content-Length": String(file.bytes) };
  await (await openStore()).put(hashUrl(file), new Response(bytes, { headers }));
  return true;
}

// What is kept of the file; undefined where nothing is.
const find = (file) =>
  openStore()
    .then((store) => store.match(hashUrl(file)))
    .catch(() => undefined);

// Fetches a file and keeps it. The browser's own cache may have it from another version: then it is asked for anew.
const underWay = new Map();
function fetchAndKeep(path, progress = () => {}) {
  const file = FILES[path];
  const fetching = underWay.get(file.hash) ?? fetchOnce(path, file, progress).finally(() => underWay.delete(file.hash));
  underWay.set(file.hash, fetching);
  return fetching;
}

async function fetchOnce(path, file, progress) {
  for (const cache of ["default", "reload"]) {
    if (await find(file)) return;
    const response = await fetch(new URL(path, SITE), { cache });
    if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
    const bytes = new Uint8Array(await new Response(response.body.pipeThrough(counter(progress))).arrayBuffer());
    if (await keep(file, bytes, response.headers.get("Content-Type"))) return;
  }
  throw new Error(`${path} is of another version`);
}

function counter(progress) {
  let loaded = 0;
  return new TransformStream({
    transform(chunk, controller) {
      loaded += chunk.byteLength;
      progress(loaded);
      controller.enqueue(chunk);
    },
  });
}

// --- What the browser asks for ----------------------------------------------------------------------------------------

// The file's path, apart from any query (`?device=cpu`, `?version=...`); null where the request is none of the site's.
function pathOf(request) {
  const { origin, pathname } = new URL(request.url);
  const address = origin + pathname;
  if (request.method !== "GET" || !address.startsWith(SITE)) return null;
  return decodeURIComponent(address.slice(SITE.length)) || "index.html";
}

// Whether the server has another version than this by now.
async function hasNewerVersion() {
  try {
    const response = await fetch(self.location.href, { cache: "no-store" });
    return response.ok && !(await response.text()).includes(BUILD);
  } catch {
    return false;
  }
}

async function answer(event, path) {
  const files = await filesFor(event);
  const file = files[path];
  if (!file) return fetch(event.request);
  const kept = await find(file);
  if (kept) return kept;
  const isOurs = FILES[path]?.hash === file.hash && !(await hasNewerVersion());
  return isOurs ? fetchAsItComes(event, path, file) : fetchChecked(path, file);
}

// The page sees the bytes while they come.
async function fetchAsItComes(event, path, file) {
  const response = await fetch(new URL(path, SITE), { cache: "no-cache" });
  if (response.ok) {
    const copy = response.clone();
    const type = response.headers.get("Content-Type");
    // A browser that has no room left keeps nothing; the page has its file all the same.
    event.waitUntil(copy.arrayBuffer().then((bytes) => keep(file, bytes, type)).catch(() => {}));
  }
  return response;
}

// The server has another version: what did not change in it is still ours, and nothing else is.
async function fetchChecked(path, file) {
  const response = await fetch(new URL(path, SITE), { cache: "reload" });
  const type = response.headers.get("Content-Type");
  const bytes = await response.arrayBuffer();
  if (!response.ok || (await hashOf(bytes)) !== file.hash) {
    return new Response("", { status: 410, statusText: "Only another version of the page has this file" });
  }
  await keep(file, bytes, type).catch(() => {});
  return new Response(bytes, { headers: { "Content-Type": type ?? "" } });
}

self.addEventListener("fetch", (event) => {
  const path = pathOf(event.request);
  if (path !== null) event.respondWith(answer(event, path));
});

self.addEventListener("install", (event) => {
  const core = Object.keys(FILES).filter((path) => FILES[path].core);
  event.waitUntil(Promise.all(core.map((path) => fetchAndKeep(path))));
});

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

// --- What the page asks for (www/offline.js) --------------------------------------------------------------------------

const requests = {
  // The page's own version, and files that it had before this worker could see.
  async hello({ build, files }) {
    if (build !== BUILD) return;
    await self.clients.claim();
    const paths = files.map((url) => pathOf(new Request(url))).filter((path) => FILES[path]);
    await Promise.all(paths.map((path) => fetchAndKeep(path).catch(() => {})));
  },
  // Every file with its size, and whether it is kept.
  async list(_, port) {
    const files = Object.entries(FILES);
    const kept = await Promise.all(files.map(([, file]) => find(file)));
    port.postMessage(files.map(([path, { bytes }], at) => ({ path, bytes, kept: Boolean(kept[at]) })));
  },
  // Keeps one file, and tells how far it is.
  async keep({ path }, port) {
    try {
      await fetchAndKeep(path, (loaded) => port.postMessage({ loaded }));
      port.postMessage({ kept: true });
    } catch (error) {
      port.postMessage({ failed: error.name });
    }
  },
  async update() {
    await self.skipWaiting();
  },
};

self.addEventListener("message", (event) => {
  event.waitUntil(requests[event.data.request](event.data, event.ports[0]));
});
