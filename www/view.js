// Reads from the address how the page is to be shown, before anything is painted: ?embed=variational shows that figure alone,
// ?hide=training,text leaves parts out, ?view=presentation shows a step a screen (presentation.js); and which language the shell speaks.
{
  const root = document.documentElement;
  const query = new URLSearchParams(location.search);
  const stored = (key) => {
    try {
      return localStorage.getItem(key)?.replaceAll('"', "");
    } catch {
      return undefined;
    }
  };
  const linked = new URLSearchParams(location.hash.split("?")[1]).get("lang");
  const language = linked ?? stored("bottleneck.language") ?? navigator.language ?? "en";
  if (language.startsWith("zh")) root.lang = "zh-Hans";
  const theme = stored("bottleneck.theme");
  if (theme) root.dataset.theme = theme;
  if (query.has("hide")) root.dataset.hide = query.get("hide").replaceAll(",", " ");
  if (query.get("view") === "presentation") root.dataset.view = "presentation";
  // Escape takes away what explains a figure or a setting, until something else is pointed at or has the focus.
  addEventListener("keydown", ({ key }) => key === "Escape" && (root.dataset.dismissed = ""));
  for (const event of ["pointerover", "focusin"]) addEventListener(event, () => delete root.dataset.dismissed);
  if (query.has("embed")) {
    root.dataset.embed = query.get("embed");
    if (!location.hash) history.replaceState(null, "", `#/${query.get("embed")}`);
    // The page around gives the frame this height.
    // That of what is in it: the document is never lower than the frame.
    const tell = () => parent.postMessage({ bottleneck: { height: document.body.offsetHeight } }, "*");
    addEventListener("DOMContentLoaded", () => new ResizeObserver(tell).observe(document.body));
  }
}
