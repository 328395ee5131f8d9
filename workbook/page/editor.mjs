// The editor: CodeMirror 6, with the languages that the exercises are written in. esbuild makes one
// file of this and of what package.json names; the page loads it where a workbench stands.
// @ts-check

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { yaml } from "@codemirror/lang-yaml";
import {
  bracketMatching,
  indentOnInput,
  indentUnit,
  StreamLanguage,
  syntaxHighlighting,
} from "@codemirror/language";
import { dockerFile } from "@codemirror/legacy-modes/mode/dockerfile";
import { properties } from "@codemirror/legacy-modes/mode/properties";
import { shell } from "@codemirror/legacy-modes/mode/shell";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tagHighlighter, tags } from "@lezer/highlight";

/** @type {Record<string, () => import("@codemirror/state").Extension>} */
const LANGUAGES = { py: python, yaml, yml: yaml, json };
const STREAMS = { toml, cfg: properties, ini: properties, flake8: properties, sh: shell };
for (const [ending, parser] of Object.entries({ ...STREAMS, Dockerfile: dockerFile })) {
  LANGUAGES[ending] = () => StreamLanguage.define(parser);
}

// Pygments' names for what it colours too: one set of colours for both, light and dark.
const COLOURS = tagHighlighter([
  { tag: tags.keyword, class: "k" },
  { tag: [tags.string, tags.special(tags.string)], class: "s" },
  { tag: tags.comment, class: "c" },
  { tag: tags.number, class: "m" },
  { tag: [tags.bool, tags.null, tags.atom], class: "kc" },
  { tag: tags.function(tags.definition(tags.variableName)), class: "nf" },
  { tag: tags.definition(tags.className), class: "nc" },
  { tag: tags.propertyName, class: "nt" },
  { tag: tags.meta, class: "nd" },
]);

const LOOK = EditorView.theme({
  "&": { color: "var(--ink)", background: "var(--code)", border: "1px solid var(--line)" },
  "&.cm-focused": { outline: "none" },
  "& .cm-content:focus": { outline: "3px solid var(--sand)", outlineOffset: "-3px" },
  ".cm-scroller": { font: "0.875rem/1.5 var(--mono)", maxHeight: "70vh", minHeight: "6rem" },
  ".cm-gutters": { color: "var(--faint)", background: "var(--shade)", borderColor: "var(--line)" },
  "&.cm-focused .cm-cursor": { borderLeft: "2px solid var(--ink)" },
  "& .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer > *": {
    background: "light-dark(#cfe3ee, #2f4c5c)",
  },
});

/**
 * Edit *text* inside *parent*. The Tab key is left alone: it leaves the editor.
 * @param {HTMLElement} parent
 * @param {string} name of the file, which the editor is called after
 * @param {string} text
 * @param {{changed: (text: string) => void, check: () => void}} on
 * @returns {(text: string) => void} what puts another text there
 */
export function edit(parent, name, text, on) {
  const language = LANGUAGES[/[^./]*$/.exec(name)?.[0] ?? ""];
  const view = new EditorView({
    parent,
    doc: text,
    extensions: [
      keymap.of([{ key: "Mod-Enter", run: () => (on.check(), true) }]),
      keymap.of([...defaultKeymap, ...historyKeymap]),
      [history(), lineNumbers(), drawSelection(), bracketMatching(), indentOnInput()],
      EditorState.tabSize.of(4),
      indentUnit.of(name.endsWith(".py") ? "    " : "  "),
      language?.() ?? [],
      syntaxHighlighting(COLOURS),
      LOOK,
      EditorView.contentAttributes.of({ "aria-label": name, tabindex: "0" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) on.changed(update.state.sliceDoc());
      }),
    ],
  });
  return (insert) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert } });
}
