// The presentation, for a projector: a step a screen, from the chapter's idea through its figure, paragraphs and exercises to the next
// chapter. The style sheet shows what is `data-shown`.
{
  const root = document.documentElement;
  const isPresented = () => root.dataset.view === "presentation";
  const words = () =>
    root.lang.startsWith("zh") ? ["上一步", "下一步", "退出演示", "演示"] : ["Back", "Next", "Leave", "Presentation"];
  let at = 0;
  let chapter;
  let entersAtEnd = false;
  // What a link sets up, and the step to go back to from there.
  let wanted;
  let left;

  // The elements of each screen. A formula, a table stands with the paragraph before it, and code with the table of its symbols.
  function steps() {
    const steps = [...document.querySelectorAll(".chapter > .prose.lead, .chapter > .figure")].map((element) => [element]);
    let headings = [];
    let isOver = false;
    for (const block of document.querySelectorAll(".chapter > .prose:not(.lead) > *, .chapter > .training")) {
      if (block.matches("h2, h3")) {
        headings = block.matches("h3") ? [...headings.filter((heading) => heading.matches("h2")), block] : [block];
        if (isOver) steps.push([]);
      } else if (block.matches(".training")) {
        headings = [];
        steps.push([block]);
      } else if (block.matches("ol")) {
        isOver = true;
        // What is hidden is not counted.
        [...block.children].forEach((item, number) => (item.value = number + 1));
        steps.push(...[...block.children].map((item) => [...headings, block, item]));
      } else if (isOver || (!block.matches("p, ul, .code") && steps.at(-1).includes(headings.at(-1)))) {
        // Where to read on is one screen.
        steps.at(-1).push(...headings, block);
      } else steps.push([...headings, block]);
    }
    return steps.filter((step) => step.length > 0);
  }

  const bar = document.createElement("nav");
  bar.className = "steps";
  const [back, next, leave] = ["‹", "›", "✕"].map((sign, place) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: sign });
    button.addEventListener("click", () => (place === 2 ? delete root.dataset.view : go(place === 0 ? -1 : 1)));
    return button;
  });
  const counter = Object.assign(document.createElement("span"), { role: "status" });
  counter.dataset.testid = "step-counter";
  bar.append(back, counter, next, leave);

  function show() {
    const all = steps();
    // The chapter is not there yet.
    if (all.length === 0) return;
    const name = document.querySelector(".chapter")?.dataset.chapter;
    if (name !== chapter) [at, chapter, entersAtEnd] = [entersAtEnd ? all.length - 1 : 0, name, false];
    if (wanted) at = Math.max(0, all.findIndex((step) => step.some((element) => element.matches(wanted))));
    wanted = undefined;
    at = Math.max(0, Math.min(at, all.length - 1));
    document.querySelectorAll("[data-shown]").forEach((element) => delete element.dataset.shown);
    all[at]?.forEach((element) => (element.dataset.shown = ""));
    counter.textContent = `${at + 1} / ${all.length}`;
    const labels = words();
    [back, next, leave, bar].forEach((element, place) => (element.ariaLabel = labels[place]));
    scrollTo(0, 0);
  }

  function go(by) {
    const count = steps().length;
    if (left?.chapter === chapter && left.at !== at) {
      [at, left] = [left.at, undefined];
      return show();
    }
    if (at + by >= 0 && at + by < count) {
      at += by;
      return show();
    }
    entersAtEnd = by < 0;
    document.querySelector(`.neighbours a[rel=${by < 0 ? "prev" : "next"}]`)?.click();
  }

  addEventListener("keydown", (event) => {
    if (!isPresented() || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") {
      const isExplaining = [...document.querySelectorAll(".explanation")].some((element) => element.checkVisibility());
      // What explains something goes first.
      if (!isExplaining) delete root.dataset.view;
      return;
    }
    // Sliders, drawings and what can be scrolled have their own use for arrows; a presenter's remote sends Page Up and Page Down.
    const isUsed = event.defaultPrevented || event.target.closest?.("input, select, [role=application], [role=group][tabindex]");
    const by = { PageUp: -1, PageDown: 1, ...(!isUsed && { ArrowLeft: -1, ArrowRight: 1 }) }[event.key];
    if (by) {
      event.preventDefault();
      go(by);
    }
  });

  // An exercise's link sets up the figure or a run: that is shown, and then the exercise again.
  addEventListener("hashchange", () => {
    const [name, query] = location.hash.replace(/^#\/?/, "").split("?");
    if (!isPresented() || !query) return;
    wanted = /(^|&)(set|preset)=/.test(query) ? ".training" : ".figure";
    const isHere = (name || "start") === chapter;
    if (isHere) {
      left = { chapter, at };
      show();
    }
  });

  addEventListener("DOMContentLoaded", () => {
    document.body.append(bar);
    const follow = () => {
      const isAnother = document.querySelector(".chapter")?.dataset.chapter !== chapter;
      if (isPresented() && (isAnother || !document.querySelector(".chapter [data-shown]"))) show();
    };
    new MutationObserver(follow).observe(document.body, { childList: true, subtree: true });
    new MutationObserver(() => isPresented() && show()).observe(root, { attributeFilter: ["data-view"] });
  });
}
