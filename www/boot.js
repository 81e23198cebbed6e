// Loads the app, shows how far it is, and says in a sentence why it cannot start where it cannot.
import { register } from "./offline.js";

// Before a chapter has a formula, which would move when its font comes.
document.fonts.load("1em 'Bottleneck Math'").catch(() => {});

const tag = document.querySelector("script[data-wasm]");
// As view.js found.
const chinese = document.documentElement.lang.startsWith("zh");
const say = {
  loading: chinese ? "正在加载 …" : "Loading …",
  noWasm: chinese
    ? "此浏览器不支持 WebAssembly，而这里的模型需要它。请使用较新的浏览器。"
    : "This browser does not run WebAssembly, which the models here need. A newer browser does.",
  noSimd: chinese
    ? "此浏览器的 WebAssembly 不支持 SIMD（2023 年以前的浏览器没有），而这里的模型需要它。请更新浏览器。"
    : "This browser's WebAssembly has no SIMD, which the models here need; browsers since 2023 have it. Please update the browser.",
  failed: (reason) =>
    chinese
      ? `页面无法加载（${reason}）。请检查网络，然后重新加载。`
      : `The page could not be loaded (${reason}). Please check the network and load it again.`,
};

function fail(kind, sentence) {
  const text = document.getElementById("shell-text");
  text.textContent = sentence;
  text.dataset.testid = "error";
  text.dataset.errors = kind;
  text.setAttribute("role", "alert");
  document.getElementById("shell-progress").hidden = true;
}

// The smallest module with a SIMD instruction: (func (result v128) i32.const 0 i8x16.splat i8x16.popcnt).
function hasSimd() {
  return WebAssembly.validate(
    new Uint8Array([
      0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
    ]),
  );
}

// The response as it is; the bar follows its chunks.
function counted(response) {
  const bar = document.getElementById("shell-progress");
  const total = response.headers.has("Content-Encoding") ? 0 : Number(response.headers.get("Content-Length"));
  let loaded = 0;
  const counter = new TransformStream({
    transform(chunk, controller) {
      loaded += chunk.byteLength;
      if (total) bar.value = loaded / total;
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counter), { headers: { "Content-Type": "application/wasm" } });
}

async function boot() {
  document.getElementById("shell-text").textContent = say.loading;
  if (typeof WebAssembly !== "object") return fail("no-webassembly", say.noWasm);
  if (!hasSimd()) return fail("no-simd", say.noSimd);
  try {
    const [{ default: init }, response] = await Promise.all([import(tag.dataset.js), fetch(tag.dataset.wasm)]);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    await init({ module_or_path: counted(response) });
  } catch (error) {
    // A page that was kept and does not start is not offered a new version: it takes it.
    window.addEventListener("bottleneck-update", window.bottleneck.loadUpdate);
    if (document.getElementById("shell")) fail("not-loaded", say.failed(error?.message ?? error));
    else throw error;
  }
}

// Until all that the page asked for has come and nothing new was asked for in a second: the engine, weights, digits. Where the page or its
// engine does not start, there is nothing to wait for; a minute is the most in any case.
async function untilLoaded() {
  const isLoading = () =>
    !document.getElementById("shell") && !document.querySelector(".loading-bar.gone, [data-testid=device][data-state=stopped]");
  for (let checks = 0, calm = 0; checks < 120 && calm < 2; checks++) {
    await new Promise((later) => setTimeout(later, 500));
    calm = isLoading() ? 0 : calm + 1;
  }
}

// What is kept on the device does not compete with what the page waits for.
boot().then(untilLoaded).finally(register);
