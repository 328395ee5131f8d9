// Small words for making elements.
// @ts-check

/**
 * Make an element; *parts* are its texts and children.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Node | string)} parts
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, properties = {}, ...parts) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...parts);
  return element;
}

/**
 * @param {string} name
 * @param {() => unknown} onclick
 */
export const button = (name, onclick) => make("button", { type: "button", onclick }, name);

/**
 * Ask before something that is not easily undone.
 * @param {string} question
 * @param {string} yes
 * @returns {Promise<boolean>}
 */
export function ask(question, yes) {
  const choices = make("form", { method: "dialog" });
  const cancel = make("button", { autofocus: true }, "Cancel");
  choices.append(make("button", { value: "yes" }, yes), cancel);
  const dialog = make("dialog", { ariaLabel: yes }, make("p", {}, question), choices);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclose = () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    };
  });
}

/**
 * Hand a file to the browser's downloads.
 * @param {string} name
 * @param {Blob} content
 */
export function download(name, content) {
  const href = URL.createObjectURL(content);
  make("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
