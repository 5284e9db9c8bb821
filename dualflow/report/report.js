// Everything shows without this script; it opens what a link leads to, and offers a choice among folds.
"use strict";

function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.closest("[hidden]")) target.closest("[data-filters]").choose({});
  for (let fold = target; fold; fold = fold.parentElement) if (fold.tagName === "DETAILS") fold.open = true;
  target.scrollIntoView();
}

function filters(group) {
  const folds = [...group.querySelectorAll("details")];
  const keys = group.dataset.filters.split(" ");
  const leaves = folds.filter((fold) => keys.every((key) => key in fold.dataset));
  const others = folds.filter((fold) => !leaves.some((leaf) => leaf.contains(fold)));
  const counted = others.filter((fold) => !others.some((inner) => inner !== fold && fold.contains(inner)));
  const bar = document.createElement("form");
  const told = document.createElement("output");
  const choices = keys.map((key) => {
    const choice = document.createElement("select");
    choice.append(new Option("all", ""));
    for (const value of new Set(leaves.map((fold) => fold.dataset[key]))) choice.append(new Option(value, value));
    const label = document.createElement("label");
    label.append(key + " ", choice);
    bar.append(label);
    choice.name = key;
    choice.addEventListener("change", apply);
    return choice;
  });
  function apply() {
    const chosen = choices.filter((choice) => choice.value);
    for (const fold of leaves) fold.hidden = !chosen.every((choice) => fold.dataset[choice.name] === choice.value);
    for (const fold of others) fold.hidden = chosen.length && !leaves.some((leaf) => fold.contains(leaf) && !leaf.hidden);
    told.value = `${counted.filter((fold) => !fold.hidden).length} of ${counted.length} shown`;
  }
  group.choose = (values) => {
    for (const choice of choices) choice.value = values[choice.name] ?? "";
    apply();
  };
  bar.addEventListener("submit", (event) => event.preventDefault());
  bar.append(told);
  bar.setAttribute("aria-label", "choose among: " + group.parentElement.querySelector("summary").textContent);
  group.prepend(bar);
  apply();
}

document.querySelectorAll("[data-filters]").forEach(filters);
addEventListener("click", (event) => {
  const link = event.target.closest("a[data-choose]");
  if (!link) return;
  const values = Object.fromEntries(link.dataset.choose.split("&").map((pair) => pair.split("=")));
  document.getElementById(link.hash.slice(1)).closest("[data-filters]").choose(values);
});
addEventListener("hashchange", reveal);
reveal();

// Only what is wider than its place needs a stop of the Tab key, to be scrolled with the arrow keys.
function stops(within) {
  for (const box of within.querySelectorAll("[role=group][tabindex]"))
    box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1;
}

addEventListener("resize", () => stops(document));
addEventListener("toggle", (event) => stops(event.target), true);
stops(document);
