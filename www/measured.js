// What the reader measured, where the answers of exercises ask for it (src/site/live.rs): the page tells each number as it comes.
{
  const numbers = new Map();
  const written = (number) => {
    if (Number.isInteger(number)) return String(number);
    return Math.abs(number) < 1 ? number.toPrecision(3) : number.toPrecision(4);
  };

  function fill() {
    for (const told of document.querySelectorAll(".measured")) {
      const places = [...told.querySelectorAll("[data-live]")];
      // What the page shows of itself says nothing before the exercise is run.
      const ofLinks = places.filter((place) => place.dataset.live.includes(" "));
      const isKnown = (ofLinks.length > 0 ? ofLinks : places).some((place) => numbers.has(place.dataset.live));
      for (const place of places) {
        const number = numbers.get(place.dataset.live);
        const text = number === undefined ? "–" : written(number);
        if (place.textContent !== text) place.textContent = text;
      }
      told.toggleAttribute("data-known", isKnown);
    }
  }

  // A number of what a link set up; without a link, of what a figure shows now.
  (window.bottleneck ??= {}).measured = (name, link, number) => {
    numbers.set(link ? `${name} ${link}` : name, number);
    fill();
  };
  // Chapters come and go.
  addEventListener("DOMContentLoaded", () => {
    new MutationObserver((changes) => {
      const isText = ({ addedNodes, target }) => addedNodes.length > 0 && !target.closest?.(".measured, .figure, .training");
      if (changes.some(isText)) fill();
    }).observe(document.body, { childList: true, subtree: true });
  });
}
