// Quizzes: opening a choice's explanation is choosing it. Without this script they work too, and
// only what was answered is not remembered.
// @ts-check

import { make } from "./dom.mjs";
import { answered } from "./progress.mjs";
import { change, progress } from "./store.mjs";

/** @param {HTMLElement} box */
export function follow(box) {
  const { quiz = "", digest = "" } = box.dataset;
  const status = make("p", { role: "status", className: "answered" });
  box.append(status);
  const known = progress().quizzes[quiz];
  if (known?.outcome === "passed" && known.quiz === digest)
    status.textContent = "You answered this before.";
  for (const choice of box.querySelectorAll("details")) {
    choice.addEventListener("toggle", () => {
      if (!choice.open) return;
      const right = choice.closest(".quiz-choice")?.classList.contains("right") ?? false;
      change((before) => answered(before, quiz, digest, right));
      status.textContent = right ? "That is right." : "Not that one: read why, then choose again.";
    });
  }
}
