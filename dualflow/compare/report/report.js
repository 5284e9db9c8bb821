// Everything shows without this script; it opens what a link leads to, and offers a choice among folds.
"use strict";

function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let fold = target; fold; fold = fold.parentElement) if (fold.tagName === "DETAILS") fold.open = true;
  target.scrollIntoView();
}

function filters(group) {
  const folds = [...group.querySelectorAll("details")];
  const keys = group.dataset.filters.split(" ");
  const leaves = folds.filter((fold) => keys.every((key) => key in fold.dataset));
  const others = folds.filter((fold) => leaves.some((leaf) => leaf !== fold && fold.contains(leaf)));
  const parents = others.filter((fold) => leaves.some((leaf) => leaf.parentElement === fold));
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
    const fits = (fold) => choices.every((choice) => !choice.value || fold.dataset[choice.name] === choice.value);
    for (const fold of leaves) fold.hidden = !fits(fold);
    for (const fold of others) fold.hidden = !leaves.some((leaf) => fold.contains(leaf) && !leaf.hidden);
    told.value = `${parents.filter((fold) => !fold.hidden).length} of ${parents.length} shown`;
  }
  bar.addEventListener("submit", (event) => event.preventDefault());
  bar.append(told);
  bar.setAttribute("aria-label", "choose among these");
  group.prepend(bar);
  apply();
}

document.querySelectorAll("[data-filters]").forEach(filters);
addEventListener("hashchange", reveal);
reveal();
