// What the page has to do with its service worker (service_worker.js): it starts it, hears of a new version, and has every file
// kept. The page's components ask `window.bottleneck`, and hear of changes by events of the window.
const container = findContainer();
const build = document.documentElement.dataset.build;
let registration = null;

// None for a page that is opened as a file, or by a browser or a frame that allows none.
function findContainer() {
  try {
    return location.protocol.startsWith("http") ? navigator.serviceWorker : undefined;
  } catch {
    return undefined;
  }
}

const tell = (event) => window.dispatchEvent(new Event(event));
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

// --- A new version ----------------------------------------------------------------------------------------------------

let hasUpdate = false;

function offerUpdate() {
  hasUpdate = true;
  tell("bottleneck-update");
}

function watch(worker) {
  worker?.addEventListener("statechange", () => {
    if (worker.state === "installed" && container.controller) offerUpdate();
    if (worker.state === "activated") greet();
  });
}

// The page loads again when the new version has taken over. Where another tab did that, this one goes on with its own.
function loadUpdate() {
  const { waiting } = registration;
  if (!waiting) return location.reload();
  waiting.addEventListener("statechange", () => {
    if (waiting.state === "activated") location.reload();
  });
  waiting.postMessage({ request: "update" });
}

// --- Files ------------------------------------------------------------------------------------------------------------

// What the engines' workers have fetched, which they tell (engine_loader.js); what came before the service worker did is
// fetched again, mostly from the browser's cache.
const fetched = new Set();
new BroadcastChannel("bottleneck-fetched").onmessage = ({ data }) => {
  for (const url of data) fetched.add(url);
  if (registration?.active && fetched.size) greet();
};

function greet() {
  registration.active?.postMessage({ request: "hello", build, files: [...fetched] });
  fetched.clear();
}

let state = "";

function setState(...words) {
  state = words.join(" ");
  tell("bottleneck-files");
}

// Asks the service worker; `hear` takes its messages until it returns something.
function ask(message, hear) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => {
      const heard = hear(data);
      if (heard === undefined) return;
      port1.close();
      resolve(heard);
    };
    container.controller.postMessage(message, [port2]);
  });
}

const list = () => ask({ request: "list" }, (files) => files);

async function updateFilesState() {
  if (!container?.controller) return setState();
  if (isKeeping) return;
  const files = await list();
  const sum = (files) => files.reduce((sum, { bytes }) => sum + bytes, 0);
  const [kept, total] = [sum(files.filter(({ kept }) => kept)), sum(files)];
  setState(kept === total ? "all" : "some", megabytes(kept), megabytes(total));
}

// The page may ask again, from a dialog that was closed and opened meanwhile: what is on its way goes on.
let isKeeping = false;

async function keepEverything() {
  if (isKeeping) return;
  isKeeping = true;
  const failed = await keepMissing().finally(() => {
    isKeeping = false;
  });
  if (!failed) await updateFilesState();
}

// Whether it failed; then the state says how.
async function keepMissing() {
  // A browser may free the room of a site that did not ask for it to stay.
  await navigator.storage?.persist?.().catch(() => false);
  const files = await list();
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let kept = files.reduce((sum, { bytes, kept }) => sum + (kept ? bytes : 0), 0);
  const progress = (loaded) => setState("keeping", megabytes(kept + loaded), megabytes(total));
  for (const { path, bytes } of files.filter(({ kept }) => !kept)) {
    progress(0);
    const end = await ask({ request: "keep", path }, ({ loaded, ...end }) => {
      if (loaded === undefined) return end;
      progress(loaded);
    });
    if (end.failed) {
      setState(end.failed === "QuotaExceededError" ? "full" : "failed", megabytes(kept), megabytes(total));
      return true;
    }
    kept += bytes;
  }
  return false;
}

// --- The page ---------------------------------------------------------------------------------------------------------

Object.assign((window.bottleneck ??= {}), {
  hasUpdate: () => hasUpdate,
  loadUpdate,
  // `some`, `keeping`, `all`, `full` or `failed`, and the megabytes that are kept and those of all files; empty where nothing
  // can be kept.
  filesState: () => state,
  updateFilesState,
  keepEverything,
});

// Starts the service worker, where the browser has one for this page.
export async function register() {
  if (!container) return;
  let hadController = Boolean(container.controller);
  container.addEventListener("controllerchange", () => {
    if (hadController) offerUpdate();
    hadController = true;
    updateFilesState();
  });
  try {
    registration = await container.register("./service_worker.js", { updateViaCache: "none" });
  } catch {
    // A browser may refuse, in a private window for one: the page works as it would without.
    return;
  }
  if (registration.waiting && container.controller) offerUpdate();
  watch(registration.installing);
  registration.addEventListener("updatefound", () => watch(registration.installing));
  if (registration.active) greet();
  updateFilesState();
  // A page may stay open for days.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") registration.update().catch(() => {});
  });
}
